/** Country names as files write them, in three languages, as ISO 3166-1 codes; and what a country pays with. */

const SPECIAL: Readonly<Record<string, string>> = {
  eire: 'IE',
  rsa: 'ZA',
  usa: 'US',
  uk: 'GB',
  'great britain': 'GB',
  'czech republic': 'CZ',
  'hong kong': 'HK',
};

let names: ReadonlyMap<string, string> | undefined;

function allNames(): ReadonlyMap<string, string> {
  const all = new Map<string, string>(Object.entries(SPECIAL));
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  for (const language of ['en', 'es', 'pt']) {
    const display = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' });
    for (const code of letters.flatMap((a) => letters.map((b) => a + b))) {
      const name = display.of(code);
      // Withdrawn codes go by the name of what they became: DD is called Germany too.
      if (name !== undefined && presentCode(code) === code && !all.has(fold(name))) all.set(fold(name), code);
    }
  }
  return all;
}

function presentCode(code: string): string | undefined {
  return new Intl.Locale(`und-${code}`).region;
}

function fold(name: string): string {
  return name.normalize('NFKD').replace(/\p{M}/gu, '').trim().toLowerCase();
}

/** `United Kingdom`, `Reino Unido` or `GB` → `GB`; null for what is none. */
export function countryCode(text: string): string | null {
  if (/^[A-Z]{2}$/u.test(text.trim())) return presentCode(text.trim()) ?? null;
  names ??= allNames();
  return names.get(fold(text)) ?? null;
}
