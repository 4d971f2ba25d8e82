export * from './accounts.js';
export * from './decide.js';
export * from './evolve.js';
export * from './rounding.js';
export * from './state.js';
export * from './types.js';
