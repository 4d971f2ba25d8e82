export * from './category.js';
export * from './code.js';
export * from './decide.js';
export * from './evolve.js';
export * from './price-change.js';
export * from './state.js';
export * from './types.js';
export * from './words.js';
