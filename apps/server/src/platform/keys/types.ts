/**
 * The keys of an installation: one master key outside the database, and in it, wrapped by that, a key per person and
 * the installation's own (signing). Whoever destroys a person's key has erased the person from journal and backups.
 */

export interface Keyring {
  /** Encrypts JSON under the person's key, which is made when missing. Throws PersonErased for an erased person. */
  seal(tenantId: number, personId: string, data: object): Promise<string>;
  /** What was sealed; null when the person was erased. Throws for a text that this key did not seal. */
  open<T extends object = Record<string, unknown>>(
    tenantId: number,
    personId: string,
    sealed: string,
  ): Promise<T | null>;
  /** Destroys the person's key for good, also for restores of older backups; again it changes nothing. */
  destroy(tenantId: number, personId: string): Promise<void>;
  /** Blind index: for each word 12 characters that only this installation and tenant can compute. Normalise words first. */
  tokens(tenantId: number, words: readonly string[]): string[];
  /** Encrypts a secret of the installation under the master key. */
  wrap(bytes: Uint8Array): Buffer;
  /** Throws when the bytes were not wrapped by this master key. */
  unwrap(bytes: Uint8Array): Buffer;
  /** A secret of the installation by name, the same in every process; `make` gives it when it does not exist yet. */
  installationKey(name: string, make: () => Uint8Array): Promise<Buffer>;
  /** Stops hearing of erasures in other processes. */
  close(): Promise<void>;
}

/** An erasure as the tombstones and DATA_DIR/erasures.log keep it. */
export interface Erasure {
  readonly tenantId: number;
  readonly personId: string;
  /** ms since the epoch. */
  readonly at: number;
}

/** The person's key was destroyed; nothing more may be sealed for them. */
export class PersonErased extends Error {
  override readonly name = 'PersonErased';
}

/** The master key is missing or is not the one this database was made with; the message says what to do. */
export class MasterKeyRefused extends Error {
  override readonly name = 'MasterKeyRefused';
}
