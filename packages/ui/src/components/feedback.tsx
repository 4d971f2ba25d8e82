/** Telling and asking: toasts that undo, the question before a loss, and the answer to "why this number". */
import { Button, Group, Loader, Modal, Popover, UnstyledButton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { type ReactNode, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './feedback.module.css';

const TOAST_MS = 7_000;

/** Says that something was done. */
export function toastDone(message: string): void {
  notifications.show({ message, icon: <IconCheck size={18} stroke={2} />, color: 'green', autoClose: 4_000 });
}

/** Says that something failed, and stays until it is read. */
export function toastFailed(message: string): void {
  notifications.show({
    message,
    icon: <IconAlertTriangle size={18} stroke={1.75} />,
    color: 'brick',
    autoClose: 10_000,
  });
}

export interface UndoToast {
  readonly message: string;
  readonly undoLabel: string;
  readonly undo: () => Promise<unknown> | unknown;
  /** Said after it was undone. */
  readonly undone: string;
}

/** Says what was done and offers to take it back. */
export function toastUndo({ message, undoLabel, undo, undone }: UndoToast): void {
  const id = notifications.show({
    autoClose: TOAST_MS,
    color: 'green',
    icon: <IconCheck size={18} stroke={2} />,
    message: (
      <div className={classes.undo}>
        <span>{message}</span>
        <Button
          variant="default"
          size="compact-sm"
          onClick={async () => {
            notifications.hide(id);
            await undo();
            toastDone(undone);
          }}
        >
          {undoLabel}
        </Button>
      </div>
    ),
  });
}

export interface ConfirmLossProps {
  readonly opened: boolean;
  readonly title: string;
  /** What is lost, in words. */
  readonly children: ReactNode;
  /** Says what it does: "Borrar los datos de Ana". */
  readonly action: string;
  readonly busy?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asked only before what cannot be undone. */
export function ConfirmLoss({ opened, title, children, action, busy, onConfirm, onClose }: ConfirmLossProps) {
  const { t } = useTranslation('ui');
  return (
    <Modal opened={opened} onClose={onClose} title={title}>
      <div className={classes.loss}>{children}</div>
      <Group justify="flex-end" mt="lg" gap={8}>
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('confirm.cancel')}
        </Button>
        <Button color="brick" loading={busy ?? false} onClick={onConfirm}>
          {action}
        </Button>
      </Group>
    </Modal>
  );
}

/** A number that can be asked why: pressing it shows what made it. `children` is drawn only once it is open. */
export function Why({
  value,
  label,
  children,
}: {
  readonly value: ReactNode;
  /** Names the question for screen readers. */
  readonly label?: string;
  readonly children: () => ReactNode;
}) {
  const { t } = useTranslation('ui');
  const [opened, setOpened] = useState(false);
  return (
    <Popover opened={opened} onChange={setOpened} width={340} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton
          className={classes.why}
          aria-expanded={opened}
          title={label ?? t('why.open')}
          onClick={(event) => {
            event.stopPropagation();
            event.preventDefault();
            setOpened(!opened);
          }}
        >
          {value}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown p={0} onClick={(event) => event.stopPropagation()}>
        {opened ? <Suspense fallback={<Loader size="sm" m="md" />}>{children()}</Suspense> : null}
      </Popover.Dropdown>
    </Popover>
  );
}
