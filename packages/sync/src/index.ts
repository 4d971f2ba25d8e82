/** What both sides of synchronisation share. The sides themselves are `./device` and `./server`. */
export { CLOCK_AHEAD_MAX_MS, judgeTime } from './clock.js';
export * from './conflict/edit.js';
export { chainHash, digestOf, GENESIS, type Hasher, sha256 } from './hash.js';
export { type ConflictRule, LANES, type Lane, PRIORITY, ruleOf, TYPE_RULES, type TypeRule } from './lane.js';
