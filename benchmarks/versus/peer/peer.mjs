// Asks iam-simulate who can do something with a resource: one simulation for
// each principal and action, as iam-lens does. It is a driver of our own for
// the engine of iam-lens, not iam-lens.
//
//   node peer.mjs --storage DIR --resource ARN --action A… [--threads N] [--index]
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { isServicePrincipal } from '@cloud-copilot/iam-utils'
import { allowsSomehow, filter, reach } from './scope.mjs'
import { simulate } from './simulate.mjs'
import { Storage } from './storage.mjs'

// ask simulates all actions for some principals.
async function ask({ storage: path, partition, resource: arn, actions, principals, named, index }) {
  const storage = new Storage(path, partition)
  const resource = storage.resource(arn)
  const worth = filter(resource)
  const out = { simulations: 0, allowed: [], refused: [] }
  for (const p of principals) {
    const list = []
    const refused = {}
    for (const action of actions) {
      if (!named.has(p.arn)) {
        if (!worth(p, action)) continue
        if (index && p.account !== resource.account && p.kind !== 'service' && !allowsSomehow((p.identity ??= storage.identity(p)), action)) continue
      }
      const answer = await simulate(storage, p, action, resource)
      out.simulations += answer.simulations
      if (answer.error) (refused[answer.error] ??= []).push(action)
      else if (answer.allowed) list.push(action)
    }
    if (list.length) out.allowed.push({ principal: p.arn, actions: list })
    for (const [message, actions] of Object.entries(refused)) out.refused.push({ principal: p.arn, message, actions })
  }
  return out
}

// shares cuts a list into n runs of about the same length, so that a thread
// reads the documents of its own accounts only.
function shares(list, n) {
  const size = Math.ceil(list.length / n)
  return Array.from({ length: n }, (_, i) => list.slice(i * size, (i + 1) * size)).filter((x) => x.length)
}

function inThread(job) {
  return new Promise((resolve, reject) => {
    const w = new Worker(new URL(import.meta.url), { workerData: job, argv: [] })
    w.once('message', resolve)
    w.once('error', reject)
  })
}

async function main() {
  const { values: o } = parseArgs({
    options: {
      storage: { type: 'string' }, partition: { type: 'string', default: 'aws' }, resource: { type: 'string' },
      action: { type: 'string', multiple: true, default: [] }, threads: { type: 'string', default: '0' }, index: { type: 'boolean', default: false }
    }
  })
  const storage = new Storage(o.storage, o.partition)
  const resource = storage.resource(o.resource)
  const scope = reach(storage, resource)
  const principals = [...scope.accounts].sort().flatMap((a) => storage.principals(a))
  const known = new Set(principals.map((p) => p.arn))
  for (const account of new Set([...scope.principals].map((arn) => arn.split(':')[4]))) {
    if (!account || scope.accounts.has(account)) continue
    for (const p of storage.principals(account)) {
      if (scope.principals.has(p.arn)) {
        principals.push(p)
        known.add(p.arn)
      }
    }
  }
  for (const name of scope.principals) {
    if (isServicePrincipal(name)) {
      principals.push({ arn: name, kind: 'service' })
      known.add(name)
    }
  }
  const job = { storage: o.storage, partition: o.partition, resource: o.resource, actions: o.action, named: scope.principals, index: o.index }
  const threads = Number(o.threads) || availableParallelism()
  const [own, ...others] = shares(principals, threads)
  const parts = await Promise.all([...others.map((x) => inThread({ ...job, principals: x })), ask({ ...job, principals: own ?? [] })])

  const out = { resource: o.resource, asked: o.action, principals: principals.length, threads, simulations: 0, allowed: [], refused: [] }
  out.notFound = [...scope.principals].filter((arn) => !known.has(arn)).sort()
  for (const part of parts) {
    out.simulations += part.simulations
    out.allowed.push(...part.allowed)
    out.refused.push(...part.refused)
  }
  out.allowed.sort((a, b) => (a.principal < b.principal ? -1 : 1))
  process.stdout.write(JSON.stringify(out) + '\n')
}

if (isMainThread) await main()
else parentPort.postMessage(await ask(workerData))
