/** The door of the reports' pages. */
export { Reports } from './reports.js';
