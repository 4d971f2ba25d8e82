/** Wraps an app in the theme, its tokens and its toasts. */
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import './global.css';
import { MantineProvider, mergeThemeOverrides } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { theme } from './theme.js';
import { cssVariablesResolver } from './tokens.js';

export function UiProvider({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation('ui');
  const close = t('toast.close');
  // Buttons that only carry a cross are named in the person's language.
  const named = useMemo(() => {
    const closing = { defaultProps: { closeButtonProps: { 'aria-label': close } } };
    return mergeThemeOverrides(theme, {
      components: {
        Modal: closing,
        Drawer: closing,
        Notification: closing,
        CloseButton: { defaultProps: { 'aria-label': close } },
      },
    });
  }, [close]);
  return (
    <MantineProvider theme={named} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
      <Notifications position="bottom-center" limit={3} />
      {children}
    </MantineProvider>
  );
}
