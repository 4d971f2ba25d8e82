/** What needs a person, first of all: a line each, with where to go. */
import type { AttentionJson } from '@mostrador/contract/report';
import { IconAlertTriangle, IconChevronRight, IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { attentionTarget } from '../../shared/attention.js';
import classes from './dashboard.module.css';

export function AttentionList({ items }: { readonly items: readonly AttentionJson[] }) {
  const { t } = useTranslation();
  return (
    <section className={classes.attention} aria-label={t('attention.title')}>
      {items.map((item) => {
        const Glyph = item.severity === 'info' ? IconInfoCircle : IconAlertTriangle;
        return (
          <Link key={item.kind} to={attentionTarget(item.kind)} data-severity={item.severity}>
            <Glyph size={19} stroke={1.6} />
            <span>{t(`attention.${item.kind}`, { count: item.count })}</span>
            <b>{t(`attention.do.${item.kind}`)}</b>
            <IconChevronRight size={17} stroke={1.6} />
          </Link>
        );
      })}
    </section>
  );
}
