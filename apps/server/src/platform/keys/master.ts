/**
 * The master key: MASTER_KEY (32 bytes as hex or base64, or a passphrase), else DATA_DIR/master.key, which is made on
 * the first start. It is never in the database nor in a backup; a proof in the database tells whether it is the right
 * one before anything is sealed with another.
 */
import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { derive, mac } from './box.js';
import { MasterKeyRefused } from './types.js';

export interface MasterKeySource {
  readonly dataDir: string;
  /** MASTER_KEY of the environment. */
  readonly masterKey?: string | undefined;
}

const passphraseLength = 12;
const scryptCost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };

function masterKeyPath(dataDir: string): string {
  return join(dataDir, 'master.key');
}

/** 32 bytes written as hex or base64; undefined for anything else. */
function parseKeyBytes(text: string): Buffer | undefined {
  const trimmed = text.trim();
  if (/^[0-9a-f]{64}$/i.test(trimmed)) return Buffer.from(trimmed, 'hex');
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) return undefined;
  const bytes = Buffer.from(trimmed, 'base64');
  return bytes.length === 32 ? bytes : undefined;
}

function fromPassphrase(passphrase: string, salt: Uint8Array): Buffer {
  if (passphrase.length < passphraseLength) {
    throw new MasterKeyRefused(
      `MASTER_KEY is too short. Give 32 bytes as hex or base64 (openssl rand -hex 32), or a passphrase of ${passphraseLength} characters or more.`,
    );
  }
  return scryptSync(passphrase.normalize('NFKC'), salt, 32, scryptCost);
}

function fromFile(dataDir: string): Buffer | undefined {
  const path = masterKeyPath(dataDir);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const bytes = parseKeyBytes(text);
  if (!bytes) throw new MasterKeyRefused(`${path} does not hold 32 bytes as hex or base64. Put the right one back.`);
  return bytes;
}

/** Durable before it is first used, and whole or not there at all. */
function makeFile(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const path = masterKeyPath(dataDir);
  const aside = `${path}.${process.pid}`;
  rmSync(aside, { force: true });
  const file = openSync(aside, 'wx', 0o600);
  writeSync(file, `${randomBytes(32).toString('hex')}\n`);
  fsyncSync(file);
  closeSync(file);
  try {
    linkSync(aside, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Some file systems have no links; there another process at the same moment is the lesser danger.
    if (code !== 'EEXIST') writeFileSync(path, readFileSync(aside), { flag: 'wx', mode: 0o600 });
  } finally {
    rmSync(aside, { force: true });
  }
}

/** The key as the settings give it for a database with this salt; undefined when there is neither variable nor file. */
function resolve(source: MasterKeySource, salt: Uint8Array): Buffer | undefined {
  if (!source.masterKey) return fromFile(source.dataDir);
  return parseKeyBytes(source.masterKey) ?? fromPassphrase(source.masterKey, salt);
}

const proofOf = (master: Uint8Array) => mac(derive(master, 'proof'), 'master key');
const origin = (source: MasterKeySource) => (source.masterKey ? 'MASTER_KEY' : masterKeyPath(source.dataDir));

interface ProofRow {
  salt: Buffer;
  proof: Buffer;
}

async function readProof(client: pg.Client): Promise<ProofRow | undefined> {
  return (await client.query<ProofRow>('SELECT salt, proof FROM master_key')).rows[0];
}

/** Whether the settings give the key that this database was made with; `unset` for a database without one. */
export async function checkMasterKey(
  client: pg.Client,
  source: MasterKeySource,
): Promise<'right' | 'wrong' | 'missing' | 'unset'> {
  const row = await readProof(client);
  if (!row) return 'unset';
  const master = resolve(source, row.salt);
  if (!master) return 'missing';
  return timingSafeEqual(proofOf(master), row.proof) ? 'right' : 'wrong';
}

/** The master key of this database; made with a new database. Throws MasterKeyRefused for any other. */
export async function loadMasterKey(client: pg.Client, source: MasterKeySource): Promise<Buffer> {
  let row = await readProof(client);
  if (!row) {
    if (!source.masterKey && !fromFile(source.dataDir)) makeFile(source.dataDir);
    const salt = randomBytes(16);
    const made = resolve(source, salt);
    if (!made) throw new MasterKeyRefused(`${masterKeyPath(source.dataDir)} cannot be read.`);
    await client.query('INSERT INTO master_key (salt, proof) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      salt,
      proofOf(made),
    ]);
    row = await readProof(client);
    if (!row) throw new MasterKeyRefused('The proof of the master key cannot be read back.');
  }
  const master = resolve(source, row.salt);
  if (!master) {
    throw new MasterKeyRefused(
      `The master key is missing: this database holds keys wrapped by one, and ${masterKeyPath(source.dataDir)} is not there. Put the file back, or set MASTER_KEY. Backups do not contain it.`,
    );
  }
  if (!timingSafeEqual(proofOf(master), row.proof)) {
    throw new MasterKeyRefused(
      `The master key of ${origin(source)} is not the one this database was made with. Put the right one there; with another, personal data cannot be read and nobody can sign in.`,
    );
  }
  return master;
}
