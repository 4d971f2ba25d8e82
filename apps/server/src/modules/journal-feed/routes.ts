/** The journal over REST: the audit trail, one event with what it moved, and the readers that lag. */
import { timestamp } from '@mostrador/contract/common';
import {
  zDeadLetterPage,
  zDeadLetterParams,
  zDeadLetterQuery,
  zJournalDetail,
  zJournalPage,
  zJournalQuery,
  zReplayAnswer,
  zSeqParams,
  zSubscriptionList,
} from '@mostrador/contract/journal';
import { z } from 'zod';
import type { Platform } from '../../module.js';
import { type Api, ApiError, decodeCursor, encodeCursor, type Session } from '../../platform/http/index.js';
import { tracesOf } from '../sale/index.js';
import { entryJson, maskedPayload } from './json.js';
import { namesFor } from './names.js';
import { commitAround, eventAt, listEvents, seqOfDay, subjectsAt } from './queries.js';

const zSeqCursor = z.tuple([z.int().min(0)]);

export function journalRoutes(api: Api, platform: Platform): void {
  const { database, journal, subscriptions } = platform;
  const names = (session: Session, events: Parameters<typeof namesFor>[2]) =>
    namesFor(platform, session.tenantId, events, session.permissions.has('customer.reveal'));

  api.route(
    {
      method: 'GET',
      url: '/journal',
      tag: 'journal',
      summary: 'What happened in the shop, newest first, as sentences',
      description:
        'With `after`, what came since, oldest first. Filters by type and actor look through a stretch of the journal at a time: a page may hold few entries, or none, and still have more.',
      permission: 'journal.read',
      query: zJournalQuery,
      response: zJournalPage,
      errors: ['cursor_invalid'],
    },
    async ({ query, session }) => {
      const { tenantId, tenant } = session;
      const head = await journal.head(tenantId);
      let from = (query.after ?? 0) + 1;
      let to = query.before ?? head + 1;
      if (query.from !== undefined) {
        from = Math.max(from, await seqOfDay(database, tenantId, query.from, tenant.timeZone, head));
      }
      if (query.to !== undefined) {
        to = Math.min(to, await seqOfDay(database, tenantId, nextDay(query.to), tenant.timeZone, head));
      }
      const direction = query.after === undefined ? ('newest' as const) : ('oldest' as const);
      if (query.cursor !== undefined) {
        const [seq] = decodeCursor(query.cursor, zSeqCursor);
        if (direction === 'newest') to = Math.min(to, seq);
        else from = Math.max(from, seq + 1);
      }
      const page = await listEvents(database, tenantId, query, { from, to, direction }, query.limit);
      const named = await names(session, page.events);
      return {
        data: page.events.map((event) => entryJson(event, named, tenant.currency)),
        page: { next_cursor: page.next === null ? null : encodeCursor([page.next]), has_more: page.next !== null },
        head,
      };
    },
  );

  api.route(
    {
      method: 'GET',
      url: '/journal/dead-letters',
      tag: 'journal',
      summary: 'Events that a reader could not handle',
      permission: 'journal.read',
      query: zDeadLetterQuery,
      response: zDeadLetterPage,
      errors: ['cursor_invalid'],
    },
    async ({ query, session }) => {
      const { tenantId } = session;
      const before = query.cursor === undefined ? undefined : decodeCursor(query.cursor, zSeqCursor)[0];
      const letters = await subscriptions.deadLetters(tenantId, {
        limit: query.limit + 1,
        ...(before === undefined ? {} : { before }),
        all: query.resolved ?? false,
      });
      const shown = letters.slice(0, query.limit);
      const last = shown.at(-1);
      const hasMore = letters.length > query.limit && last !== undefined;
      const subjects = await subjectsAt(
        database,
        tenantId,
        shown.map((letter) => letter.seq),
      );
      const subjectOf = new Map(subjects.map((row) => [row.seq, row.subject]));
      return {
        data: shown.map((letter) => ({
          id: letter.id,
          subscription: letter.subscription,
          seq: letter.seq,
          type: letter.type,
          subject: subjectOf.get(letter.seq) ?? '',
          error: letter.error,
          attempts: letter.attempts,
          created_at: timestamp(letter.createdAt),
          resolved_at: letter.resolvedAt === null ? null : timestamp(letter.resolvedAt),
        })),
        page: { next_cursor: hasMore ? encodeCursor([last.id]) : null, has_more: hasMore },
      };
    },
  );

  api.route(
    {
      method: 'POST',
      url: '/journal/dead-letters/{dead_letter_id}/replay',
      tag: 'journal',
      summary: 'Try an event again that a reader could not handle',
      permission: 'operations.write',
      params: zDeadLetterParams,
      response: zReplayAnswer,
      errors: ['not_found'],
    },
    async ({ params, session }) => {
      const { tenantId } = session;
      const id = params.dead_letter_id;
      const outcome = await subscriptions.replay(tenantId, id);
      if (outcome === 'unknown') throw new ApiError('not_found');
      if (outcome !== 'failed') return { id, resolved: true, error: null };
      const [letter] = await subscriptions.deadLetters(tenantId, { limit: 1, before: id + 1 });
      return { id, resolved: false, error: letter?.id === id ? letter.error : '' };
    },
  );

  api.route(
    {
      method: 'GET',
      url: '/journal/subscriptions',
      tag: 'journal',
      summary: 'How far each reader of the journal is',
      permission: 'journal.read',
      response: zSubscriptionList,
    },
    async ({ session }) => {
      const rows = await subscriptions.status(session.tenantId);
      return {
        data: rows.map((row) => ({
          name: row.name,
          seq: row.cursor,
          head: row.head,
          lag: Math.max(0, row.head - row.cursor),
          attempts: row.attempts,
          dead_letters: row.deadLetters,
          last_error: row.lastError,
          state:
            row.attempts > 0
              ? ('failing' as const)
              : row.cursor < row.head
                ? ('behind' as const)
                : ('up_to_date' as const),
        })),
      };
    },
  );

  api.route(
    {
      method: 'GET',
      url: '/journal/{seq}',
      tag: 'journal',
      summary: 'One event, with its payload and what it moved',
      permission: 'journal.read',
      params: zSeqParams,
      response: zJournalDetail,
      errors: ['not_found'],
    },
    async ({ params, session }) => {
      const { tenantId, tenant } = session;
      const event = await eventAt(database, tenantId, params.seq);
      if (event === undefined) throw new ApiError('not_found');
      const [named, transfers, commit] = await Promise.all([
        names(session, [event]),
        tracesOf(database, tenantId, [event.commitId]),
        commitAround(database, tenantId, event),
      ]);
      return {
        ...entryJson(event, named, tenant.currency),
        payload: maskedPayload(event.payload),
        names: Object.fromEntries(named.all),
        transfers,
        commit,
      };
    },
  );
}

function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
