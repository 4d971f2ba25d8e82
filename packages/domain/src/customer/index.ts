export * from './decide.js';
export * from './evolve.js';
export * from './personal.js';
export * from './state.js';
export * from './types.js';
