/** One event: its sentence, what it mentions, what it moved in the ledger, and its raw content. */
import type { JournalDetailJson } from '@mostrador/contract/journal';
import { Code, DateText, ErrorState, Facts, PanelPart, PanelSkeleton, SidePanel } from '@mostrador/ui';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useOne } from '../../api/hooks.js';
import { usePanelNavigation } from '../../shared/address.js';
import { actorName, linkOf, useSentence } from '../../shared/sentence.js';
import shared from '../../shared/shared.module.css';
import { Trace } from '../../shared/trace.js';
import classes from './journal.module.css';

export function JournalPanel() {
  const { seq = '' } = useParams();
  const { t } = useTranslation();
  const sentence = useSentence();
  const panel = usePanelNavigation('/journal');
  const { data, failure, onRetry } = useOne<JournalDetailJson>(['journal'], `/journal/${seq}`);
  if (!data) {
    return (
      <SidePanel title={`#${seq}`} onClose={panel.close}>
        {failure ? <ErrorState failure={failure} onRetry={onRetry} /> : <PanelSkeleton />}
      </SidePanel>
    );
  }
  const links = data.links.flatMap((link) => {
    const to = linkOf(link);
    return to ? [{ ...link, to }] : [];
  });
  return (
    <SidePanel
      key={data.seq}
      title={sentence(data)}
      subtitle={<Code>{`#${data.seq} · ${data.type}`}</Code>}
      onClose={panel.close}
    >
      <PanelPart>
        <Facts
          items={[
            [t('journal.who'), actorName(data, t)],
            [t('journal.happened'), <DateText key="at" value={data.at} style="datetime" />],
            [t('journal.recorded'), <DateText key="rec" value={data.recorded_at} style="datetime" />],
            [t('journal.subject'), <Code key="s">{data.subject}</Code>],
          ]}
        />
      </PanelPart>
      {links.length > 0 ? (
        <PanelPart title={t('journal.mentions')}>
          <ul className={shared.list}>
            {links.map((link) => (
              <li key={link.id}>
                <Link to={link.to}>{link.name || link.id}</Link>
                <span className={shared.soft}>{t(`journal.link.${link.noun}`)}</span>
              </li>
            ))}
          </ul>
        </PanelPart>
      ) : null}
      {data.transfers.length > 0 ? (
        <PanelPart title={t('journal.moved')}>
          <Trace transfers={data.transfers} names={data.names} />
        </PanelPart>
      ) : null}
      {data.commit.length > 0 ? (
        <PanelPart title={t('journal.together')}>
          <ul className={shared.list}>
            {data.commit.map((other) => (
              <li key={other.seq}>
                <Link to={`/journal/${other.seq}`}>
                  <Code>{other.type}</Code>
                </Link>
                <Code>{`#${other.seq}`}</Code>
              </li>
            ))}
          </ul>
        </PanelPart>
      ) : null}
      <PanelPart title={t('journal.raw')}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
        <pre className={classes.raw} tabIndex={0}>
          {JSON.stringify(data.payload, null, 2)}
        </pre>
      </PanelPart>
    </SidePanel>
  );
}
