/** The door of the cash sessions' pages. */
export { CashSessions } from './list.js';
export { CashSessionPanel } from './panel.js';
