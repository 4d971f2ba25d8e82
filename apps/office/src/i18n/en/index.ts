/** All English words of the office. */
import { counter } from './counter.js';
import { frame } from './frame.js';
import { goods } from './goods.js';
import { insight } from './insight.js';
import { intake } from './intake.js';
import { shop } from './shop.js';

export const en = { ...frame, ...goods, ...intake, ...counter, ...insight, ...shop };
