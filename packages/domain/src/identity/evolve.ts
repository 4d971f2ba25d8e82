/** What each event does to staff and roles. */
import type { IdentityState, Role, User } from './state.js';
import type { IdentityEvent } from './types.js';

/** The state after the event. An event on somebody unknown changes nothing. */
export function evolveIdentity(state: IdentityState, event: IdentityEvent): IdentityState {
  switch (event.type) {
    case 'user.created':
      return { ...state, users: [...state.users, { ...event.payload, disabled: false }] };
    case 'user.changed': {
      const { userId, changes } = event.payload;
      const change = (user: User) => (user.userId === userId ? { ...user, ...changes } : user);
      return { ...state, users: state.users.map(change) };
    }
    case 'user.password_changed':
      return state;
    case 'role.created':
      return { ...state, roles: [...state.roles, event.payload] };
    case 'role.changed': {
      const { roleId, changes } = event.payload;
      const change = (role: Role) => (role.roleId === roleId ? { ...role, ...changes } : role);
      return { ...state, roles: state.roles.map(change) };
    }
  }
}
