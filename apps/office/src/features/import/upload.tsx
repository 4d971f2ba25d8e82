/** The first step of an import: which file, and what stands in it. */

import { Button, SegmentedControl } from '@mantine/core';
import type { ImportJson, ImportKind } from '@mostrador/contract/import';
import { Page, PageHeader, Section } from '@mostrador/ui';
import { IconFileSpreadsheet, IconUpload } from '@tabler/icons-react';
import { type DragEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { newKey, request } from '../../api/client.js';
import { useCommand } from '../../api/hooks.js';
import shared from '../../shared/shared.module.css';
import { bytesText } from './bytes.js';
import classes from './import.module.css';
import { Steps } from './steps.js';

export function NewImport() {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const [kind, setKind] = useState<ImportKind>('products');
  const [file, setFile] = useState<File | null>(null);
  const [over, setOver] = useState(false);
  const upload = useCommand(
    () => {
      const form = new FormData();
      form.set('kind', kind);
      if (file) form.set('file', file);
      return request<ImportJson>('POST', '/imports', { body: form, key: newKey() });
    },
    { renews: ['import'], onDone: (made) => void navigate(`/imports/${made.id}`) },
  );
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const dropped = event.dataTransfer.files[0];
    if (dropped) setFile(dropped);
  };
  return (
    <Page>
      <PageHeader
        title={t('import.new')}
        purpose={t('import.newPurpose')}
        primary={
          <Button
            disabled={!file}
            loading={upload.isPending}
            leftSection={<IconUpload size={18} stroke={1.5} />}
            onClick={() => upload.mutate(undefined)}
          >
            {t('import.upload')}
          </Button>
        }
      />
      <Steps at={0} />
      <Section>
        <div className={shared.form}>
          <SegmentedControl
            value={kind}
            onChange={(v) => setKind(v as ImportKind)}
            data={(['products', 'sales'] as const).map((k) => ({ value: k, label: t(`import.kind.${k}`) }))}
            style={{ alignSelf: 'flex-start' }}
          />
          <p className={shared.soft} style={{ margin: 0, whiteSpace: 'normal' }}>
            {t(`import.kindHint.${kind}`)}
          </p>
          <button
            type="button"
            className={classes.drop}
            data-over={over || undefined}
            onClick={() => input.current?.click()}
            onDragOver={(e) => {
              e.preventDefault();
              setOver(true);
            }}
            onDragLeave={() => setOver(false)}
            onDrop={drop}
          >
            <IconFileSpreadsheet size={32} stroke={1.4} />
            <strong>{file ? file.name : t('import.choose')}</strong>
            <span>{file ? bytesText(file.size, i18n.language) : t('import.formats')}</span>
          </button>
          <input
            ref={input}
            type="file"
            hidden
            aria-label={t('import.file')}
            accept=".csv,.gz,.xlsx,text/csv"
            onChange={(e) => setFile(e.currentTarget.files?.[0] ?? null)}
          />
        </div>
      </Section>
    </Page>
  );
}
