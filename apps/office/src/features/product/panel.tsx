/** One product beside the list: its variants with prices and codes, its sheet, its history. */

import { ActionIcon, Badge, Button, Menu } from '@mantine/core';
import type { ProductJson } from '@mostrador/contract/product';
import { ErrorState, PanelPart, PanelSkeleton, SidePanel, toastDone, toastUndo } from '@mostrador/ui';
import { IconArchive, IconArchiveOff, IconDots, IconPackages, IconPrinter } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { patch, post } from '../../api/client.js';
import { useCommand, useOne, useSession } from '../../api/hooks.js';
import { usePanelNavigation } from '../../shared/address.js';
import { defectsByField } from '../../shared/defects.js';
import { Picture } from '../../shared/picture.js';
import { SubjectHistory } from '../../shared/subject-history.js';
import { changesOf, Sheet, type SheetValues, sheetOf } from './sheet.js';
import { Variants } from './variants.js';

export function ProductPanel() {
  const { productId = '' } = useParams();
  const { t } = useTranslation();
  const panel = usePanelNavigation('/products');
  const { data, failure, onRetry } = useOne<ProductJson>(['product'], `/products/${productId}`);
  if (data) return <Open key={data.id} product={data} onClose={panel.close} />;
  return (
    <SidePanel title={t('product.one')} onClose={panel.close}>
      {failure ? <ErrorState failure={failure} onRetry={onRetry} /> : <PanelSkeleton />}
    </SidePanel>
  );
}

function Open({ product, onClose }: { readonly product: ProductJson; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { can } = useSession();
  const [draft, setDraft] = useState<SheetValues | null>(null);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const saved = sheetOf(product);
  const changes = draft ? changesOf(saved, draft) : {};
  const dirty = Object.keys(changes).length > 0;

  const save = useCommand(() => patch<ProductJson>(`/products/${product.id}`, changes, { ifMatch: product.revision }), {
    renews: ['product', 'journal'],
    onDone: () => {
      setDraft(null);
      setErrors({});
      toastDone(t('saved'));
    },
    onProblem: (problem) => {
      const found = defectsByField(problem, t);
      setErrors(found);
      return Object.keys(found).length > 0;
    },
  });

  return (
    <SidePanel
      leading={<Picture url={product.picture_url} size={48} />}
      title={product.name}
      subtitle={[product.brand, product.category_name].filter(Boolean).join(' · ')}
      actions={<Actions product={product} />}
      onClose={onClose}
      footer={
        dirty ? (
          <>
            <Button variant="default" onClick={() => setDraft(null)}>
              {t('discard')}
            </Button>
            <Button loading={save.isPending} onClick={() => save.mutate(undefined)}>
              {t('saveChanges')}
            </Button>
          </>
        ) : undefined
      }
    >
      {product.status === 'active' ? null : (
        <PanelPart>
          <Badge color={product.status === 'draft' ? 'mustard' : 'gray'}>
            {t(`product.statuses.${product.status}`)}
          </Badge>{' '}
          {t(`product.statusHint.${product.status}`)}
        </PanelPart>
      )}
      <Variants product={product} />
      <PanelPart title={t('product.sheet')}>
        <Sheet
          values={draft ?? saved}
          errors={errors}
          readOnly={!can('product.write') || product.status === 'archived'}
          onChange={(change) => setDraft({ ...(draft ?? saved), ...change })}
        />
      </PanelPart>
      <SubjectHistory noun="product" subject={product.id} />
    </SidePanel>
  );
}

function Actions({ product }: { readonly product: ProductJson }) {
  const { t } = useTranslation();
  const { can } = useSession();
  const navigate = useNavigate();
  const archive = useCommand(() => post(`/products/${product.id}/archive`), {
    renews: ['product', 'journal'],
    onDone: () =>
      toastUndo({
        message: t('product.archivedOne', { name: product.name }),
        undoLabel: t('undo'),
        undone: t('undone'),
        undo: () => restore.mutateAsync(undefined),
      }),
  });
  const restore = useCommand(() => post(`/products/${product.id}/restore`), { renews: ['product', 'journal'] });
  const first = product.variants[0];
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon aria-label={t('more')}>
          <IconDots size={20} stroke={1.5} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {first && can('stock.read') ? (
          <Menu.Item
            leftSection={<IconPackages size={18} stroke={1.5} />}
            onClick={() => navigate(`/stock/${first.id}`)}
          >
            {t('product.seeStock')}
          </Menu.Item>
        ) : null}
        <Menu.Item
          leftSection={<IconPrinter size={18} stroke={1.5} />}
          onClick={() => navigate(`/labels?products=${product.id}`)}
        >
          {t('product.labels')}
        </Menu.Item>
        {can('product.write') ? (
          product.status === 'archived' ? (
            <Menu.Item
              leftSection={<IconArchiveOff size={18} stroke={1.5} />}
              onClick={() => restore.mutate(undefined)}
            >
              {t('product.restore')}
            </Menu.Item>
          ) : (
            <Menu.Item leftSection={<IconArchive size={18} stroke={1.5} />} onClick={() => archive.mutate(undefined)}>
              {t('product.archive')}
            </Menu.Item>
          )
        ) : null}
      </Menu.Dropdown>
    </Menu>
  );
}
