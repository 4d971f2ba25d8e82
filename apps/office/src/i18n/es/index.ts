/** All Spanish words of the office; the other languages have the same shape. */
import { counter } from './counter.js';
import { frame } from './frame.js';
import { goods } from './goods.js';
import { insight } from './insight.js';
import { intake } from './intake.js';
import { shop } from './shop.js';

export const es = { ...frame, ...goods, ...intake, ...counter, ...insight, ...shop };
