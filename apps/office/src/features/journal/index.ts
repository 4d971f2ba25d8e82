/** The door of the journal's pages. */
export { Journal } from './list.js';
export { JournalPanel } from './panel.js';
