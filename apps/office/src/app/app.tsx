/** What everything stands in: theme, language, queries, the session's gate, addresses. */
import { createI18n, type Language, UiProvider } from '@mostrador/ui';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { I18nextProvider } from 'react-i18next';
import { RouterProvider } from 'react-router';
import { mayRetry } from '../api/problem.js';
import { en } from '../i18n/en/index.js';
import { es } from '../i18n/es/index.js';
import { Gate } from './gate.js';
import { router } from './router.js';

const strings: Readonly<Record<Language, object>> = { es, en };
const i18n = createI18n(strings);

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (count, error) => count < 2 && mayRetry(error),
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false },
  },
});

export function App() {
  return (
    <I18nextProvider i18n={i18n}>
      <UiProvider>
        <QueryClientProvider client={queries}>
          <Gate>
            <RouterProvider router={router} />
          </Gate>
        </QueryClientProvider>
      </UiProvider>
    </I18nextProvider>
  );
}
