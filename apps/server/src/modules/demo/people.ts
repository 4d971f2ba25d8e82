/** Everybody in the demo. Nobody exists: names say that they are examples, numbers and addresses lead nowhere. */

export const PASSWORD = 'mostrador';

export const STAFF = [
  { email: 'admin@demo.test', name: 'Administración (demo)', role: 'admin' },
  { email: 'encargado@demo.test', name: 'Encargado de ejemplo', role: 'manager' },
  { email: 'caja@demo.test', name: 'Caja de ejemplo', role: 'cashier' },
] as const;

export const CUSTOMERS = [
  'Clienta Ejemplo Uno',
  'Cliente Ejemplo Dos',
  'Clienta Ejemplo Tres',
  'Cliente Ejemplo Cuatro',
  'Clienta Ejemplo Cinco',
  'Cliente Ejemplo Seis',
  'Clienta Ejemplo Siete',
  'Cliente Ejemplo Ocho',
  'Comedor Ficticio',
  'Oficina de Muestra',
  'Club Imaginario',
  'Escuela Inventada',
].map((name, i) => ({
  name,
  email: `cliente${i + 1}@demo.test`,
  phone: `+54 11 5550-${String(100 + i).padStart(4, '0')}`,
  document: '',
  address: 'Calle Falsa 123',
  note: 'Persona inventada para la demostración',
}));
