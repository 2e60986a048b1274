// Whom a question has to be asked about: the principals of the resource's own
// account and whomever its policy can let in, as iam-lens narrows it down.
import { loadPolicy } from '@cloud-copilot/iam-policy'
import { actionMatchesPattern } from '@cloud-copilot/iam-utils'

const fixed = (values) => !values.some((v) => v.includes('$'))
const base = (c) => c.operation().baseOperator().toLowerCase()
const equals = (c) => base(c).startsWith('stringequals')
const toRegExp = (pattern) =>
  new RegExp('^' + pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.') + '$')

// reach reads a resource policy: which accounts and principals it may let in.
export function reach(storage, resource) {
  const found = { accounts: new Set([resource.account]), principals: new Set() }
  if (!resource.document) return found
  const everyone = () => storage.accounts().forEach((a) => found.accounts.add(a))
  for (const s of loadPolicy(resource.document).statements()) {
    if (!s.isAllow()) continue
    if (s.isNotPrincipalStatement()) everyone()
    if (!s.isPrincipalStatement()) continue
    let open = false
    for (const p of s.principals()) {
      if (p.isWildcardPrincipal()) open = true
      else if (p.isAccountPrincipal()) found.accounts.add(p.accountId())
      else found.principals.add(p.value())
    }
    if (open && !narrow(storage, s.conditions(), found)) everyone()
  }
  return found
}

// narrow reads the conditions that limit "*" to some accounts. It reports
// whether one does.
function narrow(storage, conditions, found) {
  const values = (key) =>
    conditions
      .filter((c) => c.conditionKey().toLowerCase() === key && equals(c) && fixed(c.conditionValues()))
      .flatMap((c) => c.conditionValues())
  const accounts = values('aws:principalaccount')
  const paths = values('aws:principalorgpaths')
  const orgs = values('aws:principalorgid')
  const add = (test) => storage.accounts().filter(test).forEach((a) => found.accounts.add(a))
  if (accounts.length) add((a) => accounts.includes(a))
  else if (paths.length) {
    add((a) => {
      const at = [storage.organizationOf(a), ...storage.units(a), ''].join('/')
      return paths.some((p) => at.startsWith(p.endsWith('/') ? p : p + '/'))
    })
  } else if (orgs.length) add((a) => orgs.includes(storage.organizationOf(a)))
  else return false
  return true
}

// filter reads the aws:PrincipalArn conditions of a resource policy: it returns
// whether a simulation can come to anything.
export function filter(resource) {
  if (!resource.document) return () => true
  const statements = [...loadPolicy(resource.document).statements()]
  const star = (s) => s.isPrincipalStatement() && s.principals().some((p) => p.isWildcardPrincipal())
  const onArn = (s) => s.conditions().filter((c) => c.conditionKey().toLowerCase() === 'aws:principalarn' && fixed(c.conditionValues()))
  const like = new Set(['stringlike', 'stringequals', 'arnlike', 'arnequals'])
  const unlike = new Set(['stringnotlike', 'stringnotequals', 'arnnotlike', 'arnnotequals'])

  const exempt = new Set([resource.account])
  let allowed = []
  for (const s of statements.filter((s) => s.isAllow())) {
    if (s.isNotPrincipalStatement()) return () => true
    s.principals().filter((p) => p.isAccountPrincipal()).forEach((p) => exempt.add(p.accountId()))
    if (!star(s)) continue
    const patterns = onArn(s).filter((c) => like.has(base(c))).flatMap((c) => c.conditionValues())
    if (patterns.length === 0) {
      allowed = undefined
      break
    }
    allowed.push(...patterns.map(toRegExp))
  }
  const denies = statements
    .filter((s) => !s.isAllow() && s.isActionStatement() && s.isResourceStatement() && star(s))
    .filter((s) => s.resources().some((r) => r.isAllResources()) && s.conditions().length === 1 && onArn(s).length === 1)
    .filter((s) => !onArn(s)[0].operation().isIfExists())
    .map((s) => ({
      actions: s.actions().map((a) => a.value()), operator: base(onArn(s)[0]), patterns: onArn(s)[0].conditionValues().map(toRegExp)
    }))
  return (principal, action) => {
    const matches = (patterns) => patterns.some((x) => x.test(principal.arn))
    if (allowed?.length && !exempt.has(principal.account) && !matches(allowed)) return false
    return !denies.some(
      (d) =>
        d.actions.some((a) => actionMatchesPattern(action, a)) &&
        ((unlike.has(d.operator) && !matches(d.patterns)) || (like.has(d.operator) && matches(d.patterns)))
    )
  }
}

// allowsSomehow reports whether some Allow of a principal's policies names an
// action: what the principal index of iam-lens knows. A policy is looked
// through once an action.
export function allowsSomehow(policies, action) {
  return policies.some(({ policy }) => {
    if (!looked.has(policy)) looked.set(policy, { statements: loadPolicy(policy).statements().filter((s) => s.isAllow()), names: new Map() })
    const { statements, names } = looked.get(policy)
    if (!names.has(action)) names.set(action, statements.some((s) => allows(s, action)))
    return names.get(action)
  })
}

const looked = new WeakMap()

function allows(s, action) {
  if (s.isActionStatement()) return s.actions().some((a) => actionMatchesPattern(action, a.value()))
  return !s.notActions().some((a) => actionMatchesPattern(action, a.value()))
}
