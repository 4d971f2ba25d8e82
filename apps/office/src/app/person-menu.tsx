/** The person: language, light or dark, sign out. */
import { Menu, SegmentedControl, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { LANGUAGES, type Language } from '@mostrador/ui';
import { IconLogout } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../api/hooks.js';
import { signOut } from '../api/session.js';
import { initials } from '../shared/text.js';
import classes from './frame.module.css';

export function PersonMenu() {
  const { t, i18n } = useTranslation();
  const { user } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu closeOnItemClick={false} width={268}>
      <Menu.Target>
        <UnstyledButton className={classes.avatar} aria-label={t('person.menu', { name: user.name })}>
          {initials(user.name)}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {user.name}
          <br />
          {user.email}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Label>{t('person.language')}</Menu.Label>
        <SegmentedControl
          mx={8}
          mb={8}
          fullWidth
          style={{ width: 'calc(100% - 16px)' }}
          aria-label={t('person.language')}
          value={i18n.language}
          onChange={(value) => void i18n.changeLanguage(value as Language)}
          data={LANGUAGES.map((l) => ({ value: l, label: t(`person.languages.${l}`) }))}
        />
        <Menu.Label>{t('person.theme')}</Menu.Label>
        <SegmentedControl
          mx={8}
          mb={8}
          style={{ width: 'calc(100% - 16px)' }}
          aria-label={t('person.theme')}
          value={colorScheme}
          onChange={(value) => setColorScheme(value as 'light' | 'dark' | 'auto')}
          data={(['light', 'dark', 'auto'] as const).map((s) => ({ value: s, label: t(`person.themes.${s}`) }))}
        />
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={18} stroke={1.5} />} onClick={() => void signOut()}>
          {t('person.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
