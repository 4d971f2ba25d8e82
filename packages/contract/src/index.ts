/** What all of the interface shares; each noun has its own door, `@mostrador/contract/<noun>`. */
export * from './common.js';
export * from './errors.js';
export * from './problem.js';
