/** Which of the shop's locations the office looks at: one, or all. Kept on this device. */
import { Menu, UnstyledButton } from '@mantine/core';
import { IconCheck, IconChevronDown, IconMapPin } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useLocations } from '../api/nouns.js';
import { setChosenLocation, useChosenLocation } from '../shared/chosen-location.js';
import classes from './frame.module.css';

export function LocationChoice() {
  const { t } = useTranslation();
  const locations = useLocations();
  const chosen = useChosenLocation();
  if (locations.length < 2) return null;
  const name = locations.find((l) => l.id === chosen)?.name ?? t('app.allLocations');
  const option = (id: string, label: string) => (
    <Menu.Item
      key={id}
      onClick={() => setChosenLocation(id)}
      rightSection={chosen === id ? <IconCheck size={16} stroke={1.75} /> : null}
    >
      {label}
    </Menu.Item>
  );
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <UnstyledButton className={classes.location} aria-label={`${t('app.location')}: ${name}`}>
          <IconMapPin size={16} stroke={1.5} />
          <span>{name}</span>
          <IconChevronDown size={14} stroke={1.75} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {option('', t('app.allLocations'))}
        <Menu.Divider />
        {locations.map((l) => option(l.id, l.name))}
      </Menu.Dropdown>
    </Menu>
  );
}
