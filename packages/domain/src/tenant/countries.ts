/**
 * What a new shop starts with in its country: currency, language, time zone and the usual rates of its sales tax. The
 * first rate is the default. A shopkeeper can add others; a rate that a receipt names never changes.
 */

export interface CountryRate {
  readonly name: string;
  /** Basis points of the net price. */
  readonly rateBp: number;
}

export interface Country {
  /** ISO 4217, IANA. */
  readonly currency: string;
  readonly timeZone: string;
  readonly locale: 'es' | 'en';
  readonly taxRates: readonly CountryRate[];
}

function rates(name: string, percents: readonly number[], exempt: string): CountryRate[] {
  const named = percents.map((p) => ({
    name: `${name} ${String(p).replace('.', ',')} %`,
    rateBp: Math.round(p * 100),
  }));
  return [...named, { name: exempt, rateBp: 0 }];
}

function spanish(currency: string, timeZone: string, taxRates: readonly CountryRate[]): Country {
  return { currency, timeZone, locale: 'es', taxRates };
}

/** By ISO 3166-1 alpha-2: Latin America and the countries of the imported data. */
export const COUNTRIES: Readonly<Record<string, Country>> = {
  AR: spanish('ARS', 'America/Argentina/Buenos_Aires', rates('IVA', [21, 10.5, 27], 'Exento')),
  // Both count their rate inside the gross price: 13 % of it is 14.94 % of the net, 18 % is 21.95 %.
  BO: spanish('BOB', 'America/La_Paz', [
    { name: 'IVA 13 %', rateBp: 1494 },
    { name: 'Tasa cero', rateBp: 0 },
  ]),
  BR: {
    currency: 'BRL',
    timeZone: 'America/Sao_Paulo',
    locale: 'es',
    taxRates: [
      { name: 'ICMS 18 %', rateBp: 2195 },
      { name: 'ICMS 12 %', rateBp: 1364 },
      { name: 'ICMS 7 %', rateBp: 753 },
      { name: 'Isento', rateBp: 0 },
    ],
  },
  CL: spanish('CLP', 'America/Santiago', rates('IVA', [19], 'Exento')),
  CO: spanish('COP', 'America/Bogota', rates('IVA', [19, 5], 'Excluido')),
  CR: spanish('CRC', 'America/Costa_Rica', rates('IVA', [13, 4, 2, 1], 'Exento')),
  CU: spanish('CUP', 'America/Havana', rates('Impuesto sobre ventas', [10], 'Exento')),
  DO: spanish('DOP', 'America/Santo_Domingo', rates('ITBIS', [18, 16], 'Exento')),
  EC: spanish('USD', 'America/Guayaquil', rates('IVA', [15, 5], 'Tarifa 0 %')),
  ES: spanish('EUR', 'Europe/Madrid', rates('IVA', [21, 10, 4], 'Exento')),
  GB: {
    currency: 'GBP',
    timeZone: 'Europe/London',
    locale: 'en',
    taxRates: [
      { name: 'VAT 20%', rateBp: 2000 },
      { name: 'VAT 5%', rateBp: 500 },
      { name: 'Zero rated', rateBp: 0 },
    ],
  },
  GT: spanish('GTQ', 'America/Guatemala', rates('IVA', [12], 'Exento')),
  HN: spanish('HNL', 'America/Tegucigalpa', rates('ISV', [15, 18], 'Exento')),
  HT: spanish('HTG', 'America/Port-au-Prince', rates('TCA', [10], 'Exento')),
  MX: spanish('MXN', 'America/Mexico_City', rates('IVA', [16, 8], 'Tasa 0 %')),
  NI: spanish('NIO', 'America/Managua', rates('IVA', [15], 'Exento')),
  PA: spanish('PAB', 'America/Panama', rates('ITBMS', [7, 10, 15], 'Exento')),
  PE: spanish('PEN', 'America/Lima', rates('IGV', [18], 'Exonerado')),
  PR: spanish('USD', 'America/Puerto_Rico', rates('IVU', [11.5, 7], 'Exento')),
  PY: spanish('PYG', 'America/Asuncion', rates('IVA', [10, 5], 'Exento')),
  SV: spanish('USD', 'America/El_Salvador', rates('IVA', [13], 'Exento')),
  // Rates differ by state and town: a shop adds its own.
  US: { currency: 'USD', timeZone: 'America/New_York', locale: 'en', taxRates: [{ name: 'No tax', rateBp: 0 }] },
  UY: spanish('UYU', 'America/Montevideo', rates('IVA', [22, 10], 'Exento')),
  VE: spanish('VES', 'America/Caracas', rates('IVA', [16, 8], 'Exento')),
};

/** The sets of options that variants are made of, in the shop's language. */
export function optionSetsOf(locale: 'es' | 'en'): { readonly name: string; readonly values: readonly string[] }[] {
  return locale === 'es'
    ? [
        { name: 'Talle', values: ['XS', 'S', 'M', 'L', 'XL', 'XXL'] },
        { name: 'Color', values: ['Negro', 'Blanco', 'Gris', 'Rojo', 'Azul', 'Verde', 'Amarillo', 'Rosa'] },
        { name: 'Sabor', values: ['Natural', 'Vainilla', 'Chocolate', 'Frutilla', 'Limón', 'Naranja'] },
      ]
    : [
        { name: 'Size', values: ['XS', 'S', 'M', 'L', 'XL', 'XXL'] },
        { name: 'Colour', values: ['Black', 'White', 'Grey', 'Red', 'Blue', 'Green', 'Yellow', 'Pink'] },
        { name: 'Flavour', values: ['Plain', 'Vanilla', 'Chocolate', 'Strawberry', 'Lemon', 'Orange'] },
      ];
}
