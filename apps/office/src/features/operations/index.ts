/** The door of the operations' page. */
export { Operations } from './operations.js';
