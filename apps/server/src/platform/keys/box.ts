/**
 * Authenticated encryption in one self-describing form: a version byte, a random nonce, the AES-256-GCM ciphertext
 * and its tag. `context` binds a box to its place, so that it cannot be moved to another row.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const version = 1;
const nonceBytes = 12;
const tagBytes = 16;

export function closeBox(key: Uint8Array, context: string, bytes: Uint8Array): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(context));
  return Buffer.concat([Buffer.of(version), nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

/** Throws when the key or the context is another one, or a bit was changed. */
export function openBox(key: Uint8Array, context: string, box: Uint8Array): Buffer {
  if (box[0] !== version || box.length < 1 + nonceBytes + tagBytes)
    throw new Error('This is no box of a known version');
  const bytes = Buffer.from(box.buffer, box.byteOffset, box.byteLength);
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 1 + nonceBytes));
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  return Buffer.concat([decipher.update(bytes.subarray(1 + nonceBytes, -tagBytes)), decipher.final()]);
}

/** A key of 32 bytes for one purpose. */
export function derive(master: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), `mostrador/${purpose}`, 32));
}

export function mac(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
