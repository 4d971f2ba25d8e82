/** Categories: how the shop sorts its products. Few, so all at once. */

import { Button, Group, Modal, Select, TextInput } from '@mantine/core';
import type { CategoryJson } from '@mostrador/contract/product';
import { type Column, DataTable, EmptyState, Page, PageHeader, toastDone, useFormat } from '@mostrador/ui';
import { IconFolder, IconPlus } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { patch, post } from '../../api/client.js';
import { useCommand, useOne, useSession } from '../../api/hooks.js';
import shared from '../../shared/shared.module.css';

export function Categories() {
  const { t } = useTranslation();
  const { can } = useSession();
  const format = useFormat();
  const { data, loading, failure, onRetry } = useOne<{ data: CategoryJson[] }>(['category'], '/categories');
  const [editing, setEditing] = useState<CategoryJson | 'new' | null>(null);
  const rows = data?.data ?? [];
  const nameOf = (id: string | null) => rows.find((c) => c.id === id)?.name ?? '';
  const columns: readonly Column<CategoryJson>[] = [
    { id: 'name', header: t('category.name'), width: 220, grow: 2, cell: (c) => c.name },
    {
      id: 'parent',
      header: t('category.parent'),
      width: 180,
      grow: 1,
      priority: 1,
      cell: (c) => nameOf(c.parent_id) || '—',
    },
    {
      id: 'count',
      header: t('category.products'),
      width: 110,
      align: 'end',
      cell: (c) => format.number(c.product_count),
    },
  ];
  const create = can('product.write') ? (
    <Button leftSection={<IconPlus size={18} stroke={1.75} />} onClick={() => setEditing('new')}>
      {t('category.new')}
    </Button>
  ) : null;
  return (
    <Page>
      <PageHeader title={t('category.title')} purpose={t('category.purpose')} primary={create} />
      <DataTable
        label={t('category.title')}
        storageKey="categories"
        rows={rows}
        rowId={(c) => c.id}
        columns={columns}
        list={(c) => ({
          title: c.name,
          subtitle: nameOf(c.parent_id),
          trailing: t('category.productCount', { count: c.product_count, number: format.number(c.product_count) }),
        })}
        {...(can('product.write') ? { onOpen: setEditing } : {})}
        loading={loading}
        failure={failure}
        onRetry={onRetry}
        empty={
          <EmptyState icon={IconFolder} title={t('category.none')} hint={t('category.noneHint')} action={create} />
        }
      />
      {editing ? (
        <Edit
          key={editing === 'new' ? 'new' : editing.id}
          category={editing === 'new' ? null : editing}
          others={rows.filter((c) => editing === 'new' || c.id !== editing.id)}
          onClose={() => setEditing(null)}
        />
      ) : null}
    </Page>
  );
}

interface EditProps {
  readonly category: CategoryJson | null;
  readonly others: readonly CategoryJson[];
  readonly onClose: () => void;
}

function Edit({ category, others, onClose }: EditProps) {
  const { t } = useTranslation();
  const [name, setName] = useState(category?.name ?? '');
  const [parent, setParent] = useState(category?.parent_id ?? null);
  const done = () => {
    toastDone(t('saved'));
    onClose();
  };
  const save = useCommand(
    () => {
      const body = { name: name.trim(), parent_id: parent };
      return category
        ? patch(`/categories/${category.id}`, body, { ifMatch: category.revision })
        : post('/categories', body);
    },
    { renews: ['category', 'product'], onDone: done },
  );
  const archive = useCommand(() => post(`/categories/${category?.id}/archive`), {
    renews: ['category', 'product'],
    onDone: done,
  });
  return (
    <Modal opened onClose={onClose} title={category ? category.name : t('category.new')}>
      <form
        className={shared.form}
        onSubmit={(e: FormEvent) => {
          e.preventDefault();
          save.mutate(undefined);
        }}
      >
        <TextInput
          label={t('category.name')}
          required
          withAsterisk={false}
          maxLength={120}
          value={name}
          data-autofocus
          onChange={(e) => setName(e.currentTarget.value)}
        />
        <Select
          label={t('category.parent')}
          placeholder={t('category.top')}
          clearable
          allowDeselect
          searchable
          value={parent}
          onChange={setParent}
          data={others.map((c) => ({ value: c.id, label: c.name }))}
        />
        <Group justify="space-between" mt={8}>
          {category ? (
            <Button variant="subtle" color="gray" loading={archive.isPending} onClick={() => archive.mutate(undefined)}>
              {t('category.archive')}
            </Button>
          ) : (
            <span />
          )}
          <Button type="submit" loading={save.isPending} disabled={!name.trim()}>
            {category ? t('saveChanges') : t('category.create')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
