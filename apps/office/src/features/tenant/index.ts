/** The door of the settings' page. */
export { Settings } from './settings.js';
