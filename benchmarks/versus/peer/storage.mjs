// Reads the folder that iam-collect writes: each file at most once a thread,
// each policy validated once, when it is read.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  createValidatedPolicy,
  validateIdentityPolicy,
  validateResourceControlPolicy,
  validateResourcePolicy,
  validateServiceControlPolicy
} from '@cloud-copilot/iam-policy'

const encode = (part) => encodeURIComponent(part).toLowerCase()
const afterSlash = (arn) => arn.slice(arn.indexOf('/') + 1)
const accountOf = (arn) => arn.split(':')[4]

export class Storage {
  #root
  #cache = new Map()

  constructor(path, partition) {
    this.#root = join(path, 'aws', partition)
  }

  #once(key, make) {
    if (!this.#cache.has(key)) this.#cache.set(key, make())
    return this.#cache.get(key)
  }

  // json returns what a file holds, undefined when there is none.
  json(...parts) {
    let text
    try {
      text = readFileSync(join(this.#root, ...parts), 'utf8')
    } catch (e) {
      if (e.code === 'ENOENT' || e.code === 'ENOTDIR') return undefined
      throw e
    }
    return JSON.parse(text)
  }

  names(...parts) {
    try {
      return readdirSync(join(this.#root, ...parts))
    } catch (e) {
      if (e.code === 'ENOENT' || e.code === 'ENOTDIR') return []
      throw e
    }
  }

  accounts() {
    return this.#once('accounts', () => this.names('accounts').filter((n) => /^\d{12}$/.test(n)))
  }

  // principals lists the users and roles of an account: their ARN and folder.
  principals(account) {
    const list = []
    for (const kind of ['user', 'role']) {
      for (const name of this.names('accounts', account, 'iam', kind)) {
        const folder = ['accounts', account, 'iam', kind, name]
        const metadata = this.json(...folder, 'metadata.json')
        if (metadata) list.push({ arn: metadata.arn, id: metadata.id, boundary: metadata.permissionBoundary, kind, account, folder })
      }
    }
    return list
  }

  // managed returns an AWS managed or customer managed policy of an account.
  managed(account, arn) {
    return this.#once(`managed ${account} ${arn}`, () => {
      const within = accountOf(arn) === 'aws' ? ['iam', 'aws', 'policy'] : ['iam', 'policy']
      const document = this.json('accounts', account, ...within, encode(afterSlash(arn)), 'current-policy.json')
      if (!document) throw new Error(`${arn}, attached in account ${account}, is not in the folder`)
      return { name: arn, policy: createValidatedPolicy(document, validateIdentityPolicy, { name: arn }) }
    })
  }

  // attached returns the managed and inline policies of a user, role or group.
  attached(account, folder, owner) {
    return this.#once(`attached ${folder.join('/')}`, () => {
      const list = (this.json(...folder, 'managed-policies.json') ?? []).map((arn) => this.managed(account, arn))
      for (const p of this.json(...folder, 'inline-policies.json') ?? []) {
        const name = `${owner}#${p.PolicyName}`
        list.push({ name, policy: createValidatedPolicy(p.PolicyDocument, validateIdentityPolicy, { name }) })
      }
      return list
    })
  }

  // identity returns everything that grants to a principal by itself, each
  // managed policy once however often it is attached.
  identity(p) {
    const byName = new Map()
    const add = (list) => list.forEach((x) => byName.set(x.name, x))
    add(this.attached(p.account, p.folder, p.arn))
    if (p.kind === 'user') {
      for (const group of this.json(...p.folder, 'groups.json') ?? []) {
        add(this.attached(p.account, ['accounts', p.account, 'iam', 'group', encode(afterSlash(group))], group))
      }
    }
    return [...byName.values()]
  }

  tags(folder) {
    return this.json(...folder, 'tags.json') ?? {}
  }

  organizationOf(account) {
    return this.#once(`organization ${account}`, () => this.json('accounts', account, 'organization.json')?.organizationId)
  }

  organization(id) {
    return this.#once(`org ${id}`, () => {
      const at = ['organizations', id]
      const metadata = this.json(...at, 'metadata.json')
      return metadata && { metadata, accounts: this.json(...at, 'accounts.json') ?? {}, ous: this.json(...at, 'ous.json') ?? {} }
    })
  }

  // units lists the path from the root to the unit of an account.
  units(account) {
    return this.#once(`units ${account}`, () => {
      const org = this.organization(this.organizationOf(account))
      const path = []
      for (let ou = org?.accounts[account]?.ou; ou; ou = org.ous[ou]?.parent) path.unshift(ou)
      return path
    })
  }

  // controls returns the SCPs or RCPs of each level above and of an account:
  // none for the management account.
  controls(account, kind) {
    return this.#once(`${kind} ${account}`, () => {
      const id = this.organizationOf(account)
      const org = id && this.organization(id)
      if (!org || org.metadata.rootAccountId === account) return []
      const levels = this.units(account).map((ou) => ({ at: ou, arns: org.ous[ou]?.[kind] ?? [] }))
      levels.push({ at: account, arns: org.accounts[account]?.[kind] ?? [] })
      return levels.map(({ at, arns }) => ({
        orgIdentifier: at,
        policies: arns.map((arn) => this.#control(id, kind, arn)).filter((x) => x)
      }))
    })
  }

  #control(id, kind, arn) {
    return this.#once(`${kind} ${id} ${arn}`, () => {
      const name = arn.split('/').at(-1).toLowerCase()
      if (name === 'p-rcpfullawsaccess') return undefined // the engine adds it itself
      const document = this.json('organizations', id, kind, name, 'policy.json')
      if (!document) throw new Error(`${arn} is not in the folder`)
      const validate = kind === 'scps' ? validateServiceControlPolicy : validateResourceControlPolicy
      return { name: arn, policy: createValidatedPolicy(document, validate, { name: arn }) }
    })
  }

  // resource finds the account, folder and policy of a resource: of its bucket
  // for an object.
  resource(arn) {
    const [, , service, region, owner, ...rest] = arn.split(':')
    const bucket = service === 's3' && !owner ? rest.join(':').split('/')[0] : undefined
    const account = owner || this.#bucketOwner(bucket)
    if (!account) throw new Error(`no account of the folder has ${arn}`)
    const folder = bucket ? ['accounts', account, 's3', bucket] : this.#find(['accounts', account, service], arn)
    if (!folder) throw new Error(`account ${account} of the folder does not have ${arn}`)
    const file = service === 'iam' ? 'trust-policy.json' : 'policy.json'
    const document = this.json(...folder, file)
    return {
      arn, account, service, folder, document,
      policy: document && createValidatedPolicy(document, validateResourcePolicy, { name: arn }),
      s3: service === 's3' ? this.#bucket(account, folder) : undefined
    }
  }

  // #bucket says what counts for a bucket besides its policy.
  #bucket(account, folder) {
    const blocks = [this.json(...folder, 'bpa.json'), this.json('accounts', account, 's3-bpa.json')]
    const restricts = (b) => Object.entries(b ?? {}).some(([k, v]) => k.toLowerCase() === 'restrictpublicbuckets' && v === true)
    return { blockPublicAccess: blocks.some(restricts), bucketAbacEnabled: this.json(...folder, 'metadata.json')?.abacEnabled === true }
  }

  #bucketOwner(bucket) {
    const index = this.json('indexes', 'buckets-to-accounts.json') ?? {}
    return index[bucket]?.accountId ?? this.accounts().find((a) => this.json('accounts', a, 's3', bucket, 'metadata.json'))
  }

  // #find walks a service's folder for the thing with an ARN.
  #find(folder, arn) {
    if (this.json(...folder, 'metadata.json')?.arn === arn) return folder
    for (const name of this.names(...folder)) {
      if (name.endsWith('.json')) continue
      const found = this.#find([...folder, name], arn)
      if (found) return found
    }
    return undefined
  }
}
