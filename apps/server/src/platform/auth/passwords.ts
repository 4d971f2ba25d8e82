/** Password hashes: argon2id with the parameters that OWASP recommends (19 MiB, 2 passes). */
import { hash, verify } from '@node-rs/argon2';

const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Never guessed, since it is not the hash of anything that is typed; costs as much to check as a real one. */
let decoy: Promise<string> | undefined;

export function hashPassword(password: string): Promise<string> {
  return hash(normal(password), PARAMETERS);
}

/** False also for an unknown person (`undefined`), after the same time. */
export async function verifyPassword(stored: string | undefined, password: string): Promise<boolean> {
  if (stored === undefined) {
    decoy ??= hash(`nobody ${Math.random()}`, PARAMETERS);
    await verify(await decoy, normal(password));
    return false;
  }
  return verify(stored, normal(password));
}

/** The same characters, however a keyboard composes them. */
function normal(password: string): string {
  return password.normalize('NFKC');
}

const COMMON = new Set([
  '12345678',
  '123456789',
  '1234567890',
  'password',
  'password1',
  'contraseña',
  'contrasena',
  'qwertyui',
  'qwerty123',
  '11111111',
  '00000000',
  'iloveyou',
]);

/** One that is tried first: a common one, a single character, or the person's own address. */
export function isWeak(password: string, email: string): boolean {
  const typed = normal(password).toLowerCase();
  const address = email.toLowerCase();
  return COMMON.has(typed) || new Set(typed).size < 3 || typed === address || typed === address.split('@')[0];
}
