/** The door of the people's pages. */
export { People } from './people.js';
export { NewPerson, PersonPanel } from './person-panel.js';
export { Roles } from './roles.js';
