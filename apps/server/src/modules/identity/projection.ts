/** Keeps the tables of staff and roles, and tells every process whose rights have changed. */
import type { IdentityEvent } from '@mostrador/domain/identity';
import { AUTH_CHANNEL } from '../../platform/auth/index.js';
import type { JournalEvent, Projection, Statement } from '../../platform/journal/index.js';

export const identityProjection: Projection = {
  name: 'identity',
  tables: ['identity_user', 'identity_role'],
  types: ['user.created', 'user.changed', 'role.created', 'role.changed'],
  statements(tenantId, events) {
    const statements = events.flatMap((event) => statementsOf(tenantId, event));
    const messages = [...new Set(events.flatMap((event) => messagesOf(tenantId, event)))];
    if (messages.length > 0) {
      statements.push({
        // A rebuild writes elsewhere and changes nobody's rights.
        text: `SELECT pg_notify('${AUTH_CHANNEL}', message) FROM unnest($1::text[]) AS message WHERE current_schema() = 'public'`,
        values: [messages],
      });
    }
    return statements;
  },
};

/** Whom the event concerns, as platform/auth hears it. */
function messagesOf(tenantId: number, journalEvent: JournalEvent): string[] {
  // The type decides the payload's shape.
  const event = journalEvent as unknown as IdentityEvent;
  if (event.type === 'user.changed') return [`u ${tenantId} ${event.payload.userId}`];
  return event.type === 'role.changed' ? [`t ${tenantId}`] : [];
}

const INSERT_USER = `INSERT INTO identity_user (tenant_id, user_id, sealed, email_index, role_ids, locale, disabled,
  created_at, updated_at, revision)
VALUES ($1, $2, $3, $4, $5, $6, false, to_timestamp($7::float8), to_timestamp($7::float8), $8)`;

const UPDATE_USER = `UPDATE identity_user SET sealed = coalesce($3, sealed), email_index = coalesce($4, email_index),
  role_ids = coalesce($5, role_ids), locale = coalesce($6, locale), disabled = coalesce($7, disabled),
  updated_at = to_timestamp($8::float8), revision = $9
WHERE tenant_id = $1 AND user_id = $2`;

const INSERT_ROLE = `INSERT INTO identity_role (tenant_id, role_id, name, permissions, built_in, revision)
VALUES ($1, $2, $3, $4, $5, $6)`;

const UPDATE_ROLE = `UPDATE identity_role SET name = coalesce($3, name), permissions = coalesce($4, permissions),
  revision = $5 WHERE tenant_id = $1 AND role_id = $2`;

function statementsOf(tenantId: number, journalEvent: JournalEvent): Statement[] {
  const { seq } = journalEvent;
  const at = journalEvent.at / 1000;
  const event = journalEvent as unknown as IdentityEvent;
  switch (event.type) {
    case 'user.created': {
      const p = event.payload;
      return [
        { text: INSERT_USER, values: [tenantId, p.userId, p.sealed, p.emailIndex, p.roleIds, p.locale, at, seq] },
      ];
    }
    case 'user.changed': {
      const { userId, changes: c } = event.payload;
      const values = [c.sealed, c.emailIndex, c.roleIds, c.locale, c.disabled].map((v) => v ?? null);
      return [{ text: UPDATE_USER, values: [tenantId, userId, ...values, at, seq] }];
    }
    case 'role.created': {
      const p = event.payload;
      return [{ text: INSERT_ROLE, values: [tenantId, p.roleId, p.name, p.permissions, p.builtIn, seq] }];
    }
    case 'role.changed': {
      const { roleId, changes: c } = event.payload;
      return [{ text: UPDATE_ROLE, values: [tenantId, roleId, c.name ?? null, c.permissions ?? null, seq] }];
    }
    case 'user.password_changed':
      return [];
  }
}
