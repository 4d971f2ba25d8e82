/** The door of the imports' pages. */

export { ImportPage } from './job.js';
export { Imports } from './list.js';
export { NewImport } from './upload.js';
