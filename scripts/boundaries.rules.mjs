/** The layers of ARCHITECTURE.md as rules. */
const rule = (name, from, to, extra = {}) => ({ name, severity: 'error', from, to, ...extra });
const tests = '(\\.test\\.tsx?$|/test/)';

export const rules = [
  rule('domain-is-pure', { path: '^packages/domain/src', pathNot: tests }, { pathNot: '^packages/domain/src' }),
  rule(
    'contract-knows-domain-and-zod',
    { path: '^packages/contract/src', pathNot: tests },
    { pathNot: '^packages/(contract|domain)/src|node_modules/zod/' },
  ),
  rule(
    'sync-knows-domain-and-contract',
    { path: '^packages/sync/src', pathNot: tests },
    { pathNot: '^packages/(sync|contract|domain)/src' },
  ),
  rule('ui-knows-no-server', { path: '^packages/ui/src', pathNot: tests }, { path: '^apps/|^packages/contract' }),
  rule(
    'platform-knows-no-module',
    { path: '^apps/server/src/platform', pathNot: tests },
    { path: '^apps/server/src/(modules|main|app|cli)' },
  ),
  rule(
    'module-by-its-door',
    { path: '^apps/server/src/modules/([^/]+)/', pathNot: tests },
    {
      path: '^apps/server/src/modules/([^/]+)/',
      pathNot: '^apps/server/src/modules/($1/|[^/]+/index\\.ts$)',
    },
  ),
  rule(
    'platform-by-its-door',
    { path: '^apps/server/src/modules/', pathNot: tests },
    {
      path: '^apps/server/src/platform/[^/]+/',
      pathNot: '^apps/server/src/platform/[^/]+/index\\.ts$',
    },
  ),
  rule(
    'feature-knows-no-feature',
    { path: '^apps/office/src/features/([^/]+)/' },
    {
      path: '^apps/office/src/features/',
      pathNot: '^apps/office/src/features/($1|shared)/',
    },
  ),
  rule(
    'no-cycles',
    { path: '^(packages|apps)', pathNot: tests },
    { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  ),
];
