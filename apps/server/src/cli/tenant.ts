/** `tenant create`, `tenant list`: the shops of an installation. */
import { isCurrency } from '@mostrador/domain/money';
import { COUNTRIES } from '@mostrador/domain/tenant';
import { type Command, Option } from 'commander';
import { createTenant, listTenants } from '../modules/tenant/index.js';
import { perform, UsageError, withPlatform } from './context.js';

interface CreateOptions {
  readonly name: string;
  readonly country: string;
  readonly currency?: string;
  readonly timeZone?: string;
  readonly locale?: 'es' | 'en';
  readonly location?: string;
}

/** A currency as it was typed. Throws UsageError for what is none. */
export function currencyOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const code = text.toUpperCase();
  if (!isCurrency(code)) throw new UsageError(`"${text}" is no ISO 4217 currency`);
  return code;
}

export function tenantCommands(program: Command): void {
  const tenant = program.command('tenant').description('the shops of this installation');
  tenant
    .command('create')
    .description('make a shop, complete: settings, tax rates, roles, a location')
    .requiredOption('--name <name>', 'what it is called')
    .option('--country <code>', `ISO 3166-1: ${Object.keys(COUNTRIES).join(', ')}`, 'AR')
    .option('--currency <code>', "ISO 4217; the country's when absent")
    .option('--time-zone <name>', "IANA; the country's when absent")
    .addOption(new Option('--locale <language>', "the country's when absent").choices(['es', 'en']))
    .option('--location <name>', 'what its first location is called')
    .action((options: CreateOptions, command: Command) =>
      perform(command, () =>
        withPlatform(async (platform) => {
          const name = options.name.trim();
          if (name === '' || name.length > 120) throw new UsageError('A name of 1 to 120 characters is needed');
          const shop = await createTenant(platform, {
            name,
            country: options.country.toUpperCase(),
            currency: currencyOf(options.currency),
            timeZone: options.timeZone,
            locale: options.locale,
            locationName: options.location,
          });
          return {
            id: shop.id,
            name: shop.name,
            country: shop.country,
            currency: shop.currency,
            time_zone: shop.timeZone,
            locale: shop.locale,
            location_id: shop.defaultLocationId,
          };
        }),
      ),
    );
  tenant
    .command('list')
    .description('name all shops')
    .action((_options: object, command: Command) =>
      perform(command, () =>
        withPlatform(async (platform) => ({
          data: (await listTenants(platform)).map(({ id, name, country, currency }) => ({
            id,
            name,
            country,
            currency,
          })),
        })),
      ),
    );
}
