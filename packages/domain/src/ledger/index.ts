export * from './accounts.js';
export * from './apply.js';
export * from './book.js';
export * from './retry.js';
export * from './types.js';
