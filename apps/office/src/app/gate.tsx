/** Lets in who is signed in. Everything below knows a session, its shop and the formats that follow from it. */
import { ErrorState, FormatProvider, type FormatSettings, type Language, Mark } from '@mostrador/ui';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useSessionState } from '../api/hooks.js';
import { refresh } from '../api/session.js';
import { SignIn } from '../features/identity/sign-in.js';
import classes from './gate.module.css';

export function Gate({ children }: { readonly children: ReactNode }) {
  const state = useSessionState();
  const client = useQueryClient();
  const { i18n } = useTranslation();
  useEffect(() => {
    void refresh();
  }, []);
  useEffect(() => {
    if (state.status === 'out') client.clear();
  }, [state.status, client]);

  if (state.status === 'unknown') {
    return (
      <div className={classes.splash} aria-busy="true">
        <Mark size={48} />
      </div>
    );
  }
  if (state.status === 'offline') {
    return (
      <div className={classes.splash}>
        <ErrorState failure={{ kind: 'offline' }} onRetry={() => void refresh()} />
      </div>
    );
  }
  if (state.status === 'out') return <SignIn ended={state.reason === 'ended'} />;

  const { tenant } = state.session;
  const settings: FormatSettings = {
    language: i18n.language as Language,
    country: tenant.country,
    currency: tenant.currency,
    timeZone: tenant.time_zone,
  };
  return <FormatProvider settings={settings}>{children}</FormatProvider>;
}
