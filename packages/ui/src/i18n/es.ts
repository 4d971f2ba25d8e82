/** What the shared components say, in Spanish: written first, neutral Latin American, nouns and infinitives. */
export const es = {
  table: {
    columns: 'Columnas',
    selected_one: '{{count}} elegido',
    selected_other: '{{count}} elegidos',
    clear: 'Quitar selección',
    selectRow: 'Elegir fila',
    selectAll: 'Elegir todo lo cargado',
    loadingMore: 'Cargando más…',
    end_one: '{{count}} en total',
    end_other: '{{count}} en total',
    help: 'Flechas para moverse, Enter para abrir, Espacio para elegir',
  },
  filter: {
    add: 'Filtro: {{name}}',
    remove: 'Quitar filtro {{name}}',
    clear: 'Quitar filtros',
    from: 'Desde',
    to: 'Hasta',
    apply: 'Aplicar',
    label: 'Filtros',
  },
  panel: { close: 'Cerrar panel', previous: 'Anterior', next: 'Siguiente' },
  error: {
    title: 'No se pudo mostrar esto',
    safe: 'Lo guardado sigue a salvo.',
    retry: 'Reintentar',
    code: 'Código',
    offlineTitle: 'Sin conexión con el servidor',
    offline: 'Nada se perdió. Al volver la conexión se puede reintentar.',
    forbiddenTitle: 'Sin permiso para ver esto',
    forbidden: 'El rol actual no lo incluye. Quien administra la tienda puede darlo.',
    missingTitle: 'No existe o ya no está',
    missing: 'La dirección puede estar incompleta o ser de otra tienda.',
  },
  why: { open: 'Ver por qué', loading: 'Buscando movimientos…' },
  toast: { undo: 'Deshacer', undone: 'Deshecho', close: 'Cerrar' },
  confirm: { cancel: 'Volver' },
  chart: { table: 'Datos del gráfico', label: 'Concepto', value: 'Valor' },
  trend: { same: 'igual', none: 'sin comparación' },
  search: { label: 'Buscar', clear: 'Borrar búsqueda' },
  loading: 'Cargando',
  none: '—',
};

/** The same shape, with any wording. */
export type Strings<T> = { readonly [K in keyof T]: T[K] extends string ? string : Strings<T[K]> };
