/** Where an import stands: file, columns, preview, result. */
import { useTranslation } from 'react-i18next';
import classes from './import.module.css';

const STEPS = ['file', 'columns', 'work', 'result'] as const;

export function Steps({ at }: { readonly at: number }) {
  const { t } = useTranslation();
  return (
    <ol className={classes.steps}>
      {STEPS.map((step, index) => (
        <li key={step} data-done={index < at || undefined} aria-current={index === at ? 'step' : undefined}>
          <span>{index + 1}</span> <b>{t(`import.step.${step}`)}</b>
        </li>
      ))}
    </ol>
  );
}
