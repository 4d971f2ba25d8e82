/** The door: e-mail and password, on paper under the awning. */
import { Alert, Button, PasswordInput, SegmentedControl, TextInput, Title } from '@mantine/core';
import { LANGUAGES, type Language, Mark } from '@mostrador/ui';
import { IconInfoCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorWords } from '../../api/hooks.js';
import { type ApiProblem, problemOf } from '../../api/problem.js';
import { signIn } from '../../api/session.js';
import classes from './sign-in.module.css';

/** The page may be served with a hint that this is the demo shop; without one nothing is said. */
function demoHint(): boolean {
  return document.querySelector('meta[name="mostrador-demo"]')?.getAttribute('content') === 'on';
}

export function SignIn({ ended }: { readonly ended: boolean }) {
  const { t, i18n } = useTranslation();
  const words = useErrorWords();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [busy, setBusy] = useState(false);
  const { data: demo } = useQuery({ queryKey: ['demo'], queryFn: demoHint, staleTime: Number.POSITIVE_INFINITY });

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await signIn(email.trim(), password);
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className={classes.page}>
      <div className={classes.awning} aria-hidden="true" />
      <main className={classes.card}>
        <div className={classes.brand}>
          <Mark size={40} />
          <span>Mostrador</span>
        </div>
        <Title order={1} size="h2" ta="center">
          {t('signIn.title')}
        </Title>
        {ended && !problem ? <Alert color="sky">{t('signIn.ended')}</Alert> : null}
        {problem ? (
          <Alert color="brick" role="alert">
            {words(problem.code)}
          </Alert>
        ) : null}
        <form onSubmit={submit} className={classes.form}>
          <TextInput
            label={t('signIn.email')}
            type="email"
            name="email"
            autoComplete="username"
            required
            withAsterisk={false}
            value={email}
            onChange={(e) => setEmail(e.currentTarget.value)}
            data-autofocus
            autoFocus
          />
          <PasswordInput
            label={t('signIn.password')}
            name="password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={(e) => setPassword(e.currentTarget.value)}
            visibilityToggleButtonProps={{ 'aria-label': t('signIn.show') }}
          />
          <Button type="submit" size="md" fullWidth loading={busy} mt={4}>
            {t('signIn.enter')}
          </Button>
        </form>
        {demo ? (
          <p className={classes.hint}>
            <IconInfoCircle size={17} stroke={1.5} /> <span>{t('signIn.demo')}</span>
          </p>
        ) : null}
      </main>
      <div className={classes.language}>
        <SegmentedControl
          aria-label={t('person.language')}
          value={i18n.language}
          onChange={(value) => void i18n.changeLanguage(value as Language)}
          data={LANGUAGES.map((l) => ({ value: l, label: t(`person.languages.${l}`) }))}
        />
      </div>
    </div>
  );
}
