/** `user create`: people who may sign in. */
import { createInterface } from 'node:readline/promises';
import { zEmail, zPassword } from '@mostrador/contract/identity';
import { type Command, Option } from 'commander';
import { createUser } from '../modules/identity/index.js';
import { perform, requireTenant, UsageError, withPlatform } from './context.js';

interface CreateOptions {
  readonly email: string;
  readonly name?: string;
  readonly role: string[];
  readonly password?: string;
  readonly locale?: 'es' | 'en';
}

export function userCommands(program: Command): void {
  const user = program.command('user').description('the people of a shop');
  user
    .command('create')
    .description('make somebody who may sign in')
    .requiredOption('--email <address>', 'what they sign in with')
    .option('--name <name>', 'the part of the address before the @ when absent')
    .option('--role <role>', 'admin, manager, cashier or a role of the shop; may be repeated', gather, [])
    .option(
      '--password <password>',
      'read from MOSTRADOR_PASSWORD or the input when absent, where others do not see it',
    )
    .addOption(new Option('--locale <language>', "the shop's when absent").choices(['es', 'en']))
    .action((own: CreateOptions, command: Command) =>
      perform(command, async (options) => {
        const email = zEmail.safeParse(own.email);
        if (!email.success) throw new UsageError(`"${own.email}" is no e-mail address`);
        const password = zPassword.safeParse(own.password ?? process.env.MOSTRADOR_PASSWORD ?? (await askPassword()));
        if (!password.success) throw new UsageError('A password of 8 to 200 characters is needed');
        return withPlatform(async (platform) => {
          const tenant = await requireTenant(platform, options.tenant);
          const roleIds = own.role.length === 0 ? ['admin'] : own.role;
          const id = await createUser(platform, tenant.tenantId, {
            email: email.data,
            password: password.data,
            name: own.name?.trim() || (email.data.split('@')[0] ?? ''),
            roleIds,
            locale: own.locale,
          });
          return { id, email: email.data, roles: roleIds, tenant_id: tenant.id };
        });
      }),
    );
}

function gather(role: string, roles: readonly string[]): string[] {
  return [...roles, role];
}

/** One line of the input; on a terminal it is asked for. */
async function askPassword(): Promise<string> {
  const input = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  if (process.stdin.isTTY) process.stderr.write('Password: ');
  for await (const line of input) {
    input.close();
    return line;
  }
  return '';
}
