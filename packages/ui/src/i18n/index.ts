/**
 * Starts i18next for an app: the shared strings under `ui`, the app's own as the default namespace, Spanish
 * first. The language is kept in the browser and mirrored into `<html lang>`.
 */
import i18next, { type i18n, type ResourceLanguage } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en.js';
import { es } from './es.js';

export type { Strings } from './es.js';
export type Language = 'es' | 'en';
export const LANGUAGES: readonly Language[] = ['es', 'en'];

const STORAGE_KEY = 'mostrador.language';

/** What was chosen here before, else the browser's language, else Spanish. */
export function preferredLanguage(): Language {
  const stored = globalThis.localStorage?.getItem(STORAGE_KEY);
  if (stored === 'es' || stored === 'en') return stored;
  const first = globalThis.navigator?.language ?? 'es';
  return first.startsWith('en') ? 'en' : 'es';
}

/** `app` holds the app's strings by language. */
export function createI18n(app: Readonly<Record<Language, object>>): i18n {
  const instance = i18next.createInstance();
  const language = preferredLanguage();
  const bundle = (shared: object, own: object): ResourceLanguage => ({ ui: shared, app: own }) as ResourceLanguage;
  void instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'es',
    supportedLngs: [...LANGUAGES],
    ns: ['app', 'ui'],
    defaultNS: 'app',
    resources: { es: bundle(es, app.es), en: bundle(en, app.en) },
    interpolation: { escapeValue: false },
    returnNull: false,
    initAsync: false,
  });
  document.documentElement.lang = language;
  instance.on('languageChanged', (next) => {
    document.documentElement.lang = next;
    globalThis.localStorage?.setItem(STORAGE_KEY, next);
  });
  return instance;
}
