-- What audit.sqlite holds: see docs/audit-schema.md.
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE accounts (id TEXT PRIMARY KEY, name TEXT NOT NULL, unit TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE principals (id INTEGER PRIMARY KEY, arn TEXT NOT NULL, account TEXT NOT NULL, kind TEXT NOT NULL, outside INTEGER NOT NULL);
CREATE TABLE resources (id INTEGER PRIMARY KEY, arn TEXT NOT NULL, account TEXT NOT NULL, type TEXT NOT NULL, name TEXT NOT NULL, region TEXT NOT NULL, followed INTEGER NOT NULL);
CREATE TABLE actions (id INTEGER PRIMARY KEY, name TEXT NOT NULL, level TEXT NOT NULL);
CREATE TABLE action_levels (action INTEGER NOT NULL, level TEXT NOT NULL, PRIMARY KEY (action, level)) WITHOUT ROWID;
CREATE TABLE terms (id INTEGER PRIMARY KEY, levels TEXT NOT NULL, conditional INTEGER NOT NULL, condition TEXT NOT NULL, actions TEXT NOT NULL);
CREATE TABLE term_actions (terms INTEGER NOT NULL, action INTEGER NOT NULL, PRIMARY KEY (terms, action)) WITHOUT ROWID;
CREATE TABLE group_members (grp INTEGER NOT NULL, principal INTEGER NOT NULL, PRIMARY KEY (grp, principal)) WITHOUT ROWID;
CREATE TABLE direct (resource INTEGER NOT NULL, grp INTEGER NOT NULL, terms INTEGER NOT NULL);
CREATE TABLE reaches (role INTEGER NOT NULL, principal INTEGER NOT NULL, certain INTEGER NOT NULL, PRIMARY KEY (role, principal)) WITHOUT ROWID;
CREATE TABLE followed_ways (resource INTEGER NOT NULL, role INTEGER NOT NULL, principal INTEGER NOT NULL, terms INTEGER NOT NULL, certain INTEGER NOT NULL);
CREATE TABLE entries (from_account TEXT NOT NULL, to_account TEXT NOT NULL, principals INTEGER NOT NULL, roles INTEGER NOT NULL, certain INTEGER NOT NULL, PRIMARY KEY (from_account, to_account)) WITHOUT ROWID;
CREATE TABLE findings (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, severity TEXT NOT NULL, rank INTEGER NOT NULL, certainty TEXT NOT NULL, title TEXT NOT NULL,
  detail TEXT NOT NULL, reason TEXT NOT NULL, account TEXT NOT NULL, principal TEXT NOT NULL, resource TEXT NOT NULL, condition TEXT NOT NULL,
  remedy TEXT NOT NULL, policy TEXT NOT NULL, statement INTEGER, change TEXT NOT NULL, accepted INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE finding_steps (finding TEXT NOT NULL, n INTEGER NOT NULL, principal TEXT NOT NULL, kind TEXT NOT NULL, through TEXT NOT NULL, condition TEXT NOT NULL, PRIMARY KEY (finding, n)) WITHOUT ROWID;
CREATE TABLE finding_statements (finding TEXT NOT NULL, policy TEXT NOT NULL, type TEXT NOT NULL, statement INTEGER NOT NULL, sid TEXT NOT NULL);
CREATE TABLE finding_others (finding TEXT NOT NULL, name TEXT NOT NULL);
CREATE TABLE finding_ifs (finding TEXT NOT NULL, what TEXT NOT NULL);
CREATE TABLE finding_tags (finding TEXT NOT NULL, tag TEXT NOT NULL);
CREATE TABLE finding_assigned (finding TEXT NOT NULL, role TEXT NOT NULL, PRIMARY KEY (finding, role)) WITHOUT ROWID;
CREATE TABLE unknown (what TEXT NOT NULL, why TEXT NOT NULL);
CREATE TABLE permission_set_roles (role TEXT PRIMARY KEY, account TEXT NOT NULL, permission_set TEXT NOT NULL, instance TEXT NOT NULL, complete INTEGER NOT NULL, why TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE assignments (account TEXT NOT NULL, permission_set TEXT NOT NULL, instance TEXT NOT NULL, role TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, missing INTEGER NOT NULL, why TEXT NOT NULL);
CREATE TABLE center_groups (instance TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, members_known INTEGER NOT NULL, PRIMARY KEY (instance, id)) WITHOUT ROWID;
CREATE TABLE memberships (instance TEXT NOT NULL, grp TEXT NOT NULL, user TEXT NOT NULL, name TEXT NOT NULL, missing INTEGER NOT NULL, PRIMARY KEY (instance, grp, user)) WITHOUT ROWID;

CREATE VIEW can_assume AS
  SELECT p.arn AS principal, p.account AS principal_account, p.kind AS principal_kind, p.outside AS outside, v.arn AS role, v.account AS role_account, c.certain AS certain
    FROM reaches c JOIN principals p ON p.id = c.principal JOIN principals v ON v.id = c.role;
-- Chains to roles come to what the role may do itself, but for resources of which
-- each chain was followed.
CREATE VIEW ways AS
  SELECT p.arn AS principal, r.arn AS resource, v.arn AS via, t.actions AS actions, t.levels AS levels,
         max(t.conditional, 1 - c.certain) AS conditional, t.condition AS condition
    FROM resources r JOIN direct d ON d.resource = r.id JOIN group_members m ON m.grp = d.grp
    JOIN reaches c ON c.role = m.principal JOIN principals p ON p.id = c.principal
    JOIN principals v ON v.id = c.role JOIN terms t ON t.id = d.terms
   WHERE r.followed = 0
  UNION ALL
  SELECT p.arn, r.arn, v.arn, t.actions, t.levels,
         max(t.conditional, 1 - c.certain), t.condition
    FROM resources r JOIN followed_ways c ON c.resource = r.id JOIN principals p ON p.id = c.principal
    JOIN principals v ON v.id = c.role JOIN terms t ON t.id = c.terms;
-- Roles share a principal's row: it has the actions of all of them. The columns that are
-- grouped by beside the ids are there so that conditions on them reach the indices.
CREATE VIEW who_can_reach AS
  SELECT p.arn AS principal, p.account AS principal_account, p.kind AS principal_kind, p.outside AS outside,
         r.arn AS resource, r.account AS resource_account, r.type AS resource_type,
         'direct' AS path_kind, '' AS via, t.actions AS actions, t.levels AS levels, t.conditional AS conditional, t.condition AS condition
    FROM resources r JOIN direct d ON d.resource = r.id JOIN group_members m ON m.grp = d.grp
    JOIN principals p ON p.id = m.principal JOIN terms t ON t.id = d.terms
  UNION ALL
  SELECT p.arn, p.account, p.kind, p.outside, r.arn, r.account, r.type, 'assume-role',
         coalesce(min(CASE WHEN c.certain AND NOT t.conditional THEN v.arn END), min(v.arn)),
         CASE WHEN min(t.id) = max(t.id) THEN min(t.actions) ELSE (
           SELECT group_concat(name, ' ') FROM (
             SELECT DISTINCT a.name AS name FROM direct e JOIN group_members n ON n.grp = e.grp
               JOIN reaches b ON b.role = n.principal AND b.principal = p.id
               JOIN term_actions x ON x.terms = e.terms JOIN actions a ON a.id = x.action
              WHERE e.resource = r.id ORDER BY a.name)) END,
         CASE WHEN min(t.id) = max(t.id) THEN min(t.levels) ELSE (
           SELECT coalesce(group_concat(level, ', '), '') FROM (
             SELECT DISTINCT l.level AS level FROM direct e JOIN group_members n ON n.grp = e.grp
               JOIN reaches b ON b.role = n.principal AND b.principal = p.id
               JOIN term_actions x ON x.terms = e.terms JOIN action_levels l ON l.action = x.action
              WHERE e.resource = r.id ORDER BY l.level)) END,
         min(max(t.conditional, 1 - c.certain)),
         CASE WHEN min(t.id) = max(t.id) THEN min(t.condition) ELSE '' END
    FROM resources r JOIN direct d ON d.resource = r.id JOIN group_members m ON m.grp = d.grp
    JOIN reaches c ON c.role = m.principal JOIN principals p ON p.id = c.principal
    JOIN principals v ON v.id = c.role JOIN terms t ON t.id = d.terms
   WHERE r.followed = 0
   GROUP BY r.id, p.id, r.arn, r.account, r.type, p.arn, p.account, p.kind, p.outside
  UNION ALL
  SELECT p.arn, p.account, p.kind, p.outside, r.arn, r.account, r.type, 'assume-role',
         coalesce(min(CASE WHEN c.certain AND NOT t.conditional THEN v.arn END), min(v.arn)),
         CASE WHEN min(t.id) = max(t.id) THEN min(t.actions) ELSE (
           SELECT group_concat(name, ' ') FROM (
             SELECT DISTINCT a.name AS name FROM followed_ways e
               JOIN term_actions x ON x.terms = e.terms JOIN actions a ON a.id = x.action
              WHERE e.resource = r.id AND e.principal = p.id ORDER BY a.name)) END,
         CASE WHEN min(t.id) = max(t.id) THEN min(t.levels) ELSE (
           SELECT coalesce(group_concat(level, ', '), '') FROM (
             SELECT DISTINCT l.level AS level FROM followed_ways e
               JOIN term_actions x ON x.terms = e.terms JOIN action_levels l ON l.action = x.action
              WHERE e.resource = r.id AND e.principal = p.id ORDER BY l.level)) END,
         min(max(t.conditional, 1 - c.certain)),
         CASE WHEN min(t.id) = max(t.id) THEN min(t.condition) ELSE '' END
    FROM resources r JOIN followed_ways c ON c.resource = r.id JOIN principals p ON p.id = c.principal
    JOIN principals v ON v.id = c.role JOIN terms t ON t.id = c.terms
   GROUP BY r.id, p.id, r.arn, r.account, r.type, p.arn, p.account, p.kind, p.outside;
CREATE VIEW outside_access AS SELECT * FROM who_can_reach WHERE outside = 1;
CREATE VIEW cross_account_access AS SELECT * FROM who_can_reach WHERE principal_account <> resource_account;
CREATE VIEW account_matrix AS
  SELECT e.from_account, coalesce(a.name, '') AS from_name, e.to_account, coalesce(b.name, '') AS to_name, e.principals, e.roles, e.certain
    FROM entries e LEFT JOIN accounts a ON a.id = e.from_account LEFT JOIN accounts b ON b.id = e.to_account;
CREATE VIEW admin_principals AS SELECT principal, account, certainty, title FROM findings WHERE kind = 'admin-equivalent';
CREATE VIEW findings_by_severity AS
  SELECT severity, kind, count(*) AS findings, sum(accepted) AS accepted FROM findings GROUP BY rank, severity, kind ORDER BY rank DESC, kind;
-- A group whose members are not known has one row, of user '': unknown is not nobody.
CREATE VIEW assigned_people AS
  SELECT a.instance AS instance, a.id AS user, a.name AS name, a.missing AS missing, '' AS grp, '' AS group_name,
         a.role AS role, a.account AS account, a.permission_set AS permission_set
    FROM assignments a WHERE a.kind = 'user'
  UNION ALL
  SELECT a.instance, m.user, m.name, m.missing, a.id, a.name, a.role, a.account, a.permission_set
    FROM assignments a JOIN memberships m ON m.instance = a.instance AND m.grp = a.id WHERE a.kind = 'group'
  UNION ALL
  SELECT a.instance, '', '', a.missing, a.id, a.name, a.role, a.account, a.permission_set
    FROM assignments a LEFT JOIN center_groups g ON g.instance = a.instance AND g.id = a.id
   WHERE a.kind = 'group' AND coalesce(g.members_known, 0) = 0;
CREATE VIEW people_access AS
  SELECT p.instance AS instance, p.user AS user, p.name AS name, p.missing AS missing, p.grp AS grp, p.group_name AS group_name, p.role AS role,
         w.resource AS resource, w.resource_account AS resource_account, w.resource_type AS resource_type,
         w.path_kind AS path_kind, w.via AS via, w.actions AS actions, w.levels AS levels, w.conditional AS conditional, w.condition AS condition
    FROM assigned_people p JOIN who_can_reach w ON w.principal = p.role;
