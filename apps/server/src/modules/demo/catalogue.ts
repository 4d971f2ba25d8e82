/**
 * What the demo shop sells: a corner shop of Buenos Aires. Brands, suppliers and barcodes are made up; the barcodes are
 * valid EAN-13 of the prefix 555, which GS1 has given to nobody, so they meet no real article.
 */
import { withCheckDigit } from '@mostrador/domain/gtin';
import type { SalesUnit } from '@mostrador/domain/product';

export interface DemoCategory {
  readonly name: string;
  /** Who delivers it. */
  readonly supplier: number;
  /** `name | brand | price in pesos | cost in percent | popularity 1 to 9 | drawing | unit or tax, where unusual`. */
  readonly products: string;
}

export interface DemoProduct {
  readonly category: number;
  readonly supplier: number;
  readonly sku: string;
  readonly barcode: string;
  readonly name: string;
  readonly brand: string;
  readonly priceMinor: number;
  readonly costMinor: number;
  /** How often it is in a basket, relative to the others. */
  readonly weight: number;
  readonly picture: string;
  readonly salesUnit: SalesUnit;
  /** 21 % or 10.5 %. */
  readonly rateBp: 2100 | 1050;
}

export const SUPPLIERS = [
  'Distribuidora Ejemplo SRL',
  'Mayorista de Muestra SA',
  'Lácteos La Demo SA',
  'Huerta Ficticia',
  'Panificadora Modelo SRL',
] as const;

export const CATEGORIES: readonly DemoCategory[] = [
  {
    name: 'Almacén',
    supplier: 0,
    products: `
Yerba mate 1 kg|Tres Lomas|4890|74|9|mate-6
Yerba mate 500 g|Tres Lomas|2650|74|6|mate-0
Azúcar 1 kg|Campo Lindo|1390|82|8|bag-3
Harina 000 1 kg|Don Anselmo|1150|80|5|bag-5|10.5
Harina leudante 1 kg|Don Anselmo|1420|79|3|bag-1|10.5
Arroz largo fino 1 kg|Valle Manso|2190|77|6|rice-5
Fideos tirabuzón 500 g|Don Anselmo|1290|76|7|pasta-1
Fideos spaghetti 500 g|Don Anselmo|1290|76|7|pasta-5
Aceite de girasol 1,5 l|Amanecer|4390|83|7|bottle-1
Aceite de oliva 500 ml|Sierra Azul|8900|70|1|wine-bottle-6
Vinagre de alcohol 1 l|Amanecer|1480|68|2|bottle-4
Sal fina 500 g|Campo Lindo|890|66|3|box-3
Puré de tomate 520 g|La Ribera|1090|75|6|carton-2
Arvejas en lata 300 g|La Ribera|1190|74|3|tin-6
Choclo en lata 300 g|La Ribera|1490|74|2|tin-1
Atún al natural 170 g|Puerto Viejo|2790|78|3|tin-3
Lentejas 400 g|Valle Manso|1690|72|2|bag-2
Polenta 500 g|Don Anselmo|1190|73|2|bag-1
Mermelada de durazno 390 g|Doña Rita|2390|69|2|jar-1
Dulce de leche 400 g|Doña Rita|2990|71|5|jar-5
Café molido 250 g|El Fogón|5490|72|3|bag-5
Té en saquitos x 25|El Fogón|1350|65|3|box-6
Mate cocido x 25|Tres Lomas|1590|68|3|box-0
Caldo de verdura x 6|El Fogón|1190|64|2|box-6
Mayonesa 250 g|Brisa|1690|70|4|sachet-1
Mostaza 250 g|Brisa|1190|66|1|tube-1
Kétchup 250 g|Brisa|1390|67|2|tube-2
Galletitas de agua 300 g|Amanecer|1490|74|7|biscuit-5
Galletitas surtidas 400 g|Amanecer|2390|73|5|biscuit-1
Galletitas rellenas 118 g|Chispa|1090|71|8|biscuit-4`,
  },
  {
    name: 'Bebidas',
    supplier: 1,
    products: `
Gaseosa cola 2,25 l|Chispa|3590|79|9|bottle-2
Gaseosa cola 500 ml|Chispa|1590|72|8|bottle-2
Gaseosa lima limón 2,25 l|Chispa|3390|79|5|bottle-6
Gaseosa naranja 1,5 l|Chispa|2690|77|4|bottle-1
Agua mineral 2 l|Sierra Azul|1490|68|6|bottle-3
Agua mineral 500 ml|Sierra Azul|990|58|7|bottle-3
Agua saborizada pomelo 1,5 l|Sierra Azul|1990|70|4|bottle-7
Soda sifón 2 l|Sierra Azul|1590|66|4|bottle-3
Jugo en polvo naranja|Chispa|390|62|6|sachet-1
Cerveza rubia 1 l|La Ribera|3290|77|7|bottle-1
Cerveza rubia lata 473 ml|La Ribera|1890|74|8|can-1
Cerveza negra lata 473 ml|La Ribera|2090|74|3|can-5
Vino tinto 750 ml|Valle Manso|4490|68|4|wine-bottle-2
Vino blanco 750 ml|Valle Manso|4290|68|2|wine-bottle-6
Fernet 750 ml|Don Anselmo|11900|80|3|wine-bottle-5
Energizante lata 250 ml|Chispa|1990|70|4|can-3`,
  },
  {
    name: 'Lácteos y frescos',
    supplier: 2,
    products: `
Leche entera 1 l|Campo Lindo|1590|86|9|carton-3|10.5
Leche descremada 1 l|Campo Lindo|1590|86|5|carton-0|10.5
Yogur bebible frutilla 1 l|Campo Lindo|2590|77|4|bottle-7
Yogur firme vainilla 190 g|Campo Lindo|1190|74|5|cup-1
Manteca 200 g|Campo Lindo|2790|79|4|box-1
Crema de leche 200 ml|Campo Lindo|2190|77|3|cup-3
Queso crema 290 g|Campo Lindo|2990|76|4|cup-0
Queso rallado 40 g|Campo Lindo|1390|72|4|sachet-1
Queso cremoso|Campo Lindo|8900|74|4|cheese-1|kg
Queso en barra|Campo Lindo|9800|74|3|cheese-5|kg
Jamón cocido|La Ribera|10900|73|5|ham-7|kg
Salame milán|La Ribera|14900|71|2|ham-2|kg
Huevos x 6|Doña Rita|2390|80|6|egg-5
Huevos x 30|Doña Rita|9900|84|2|egg-1
Tapas para empanadas x 12|Don Anselmo|1690|75|4|bag-5
Salchichas x 6|La Ribera|1890|74|4|sachet-2`,
  },
  {
    name: 'Panadería',
    supplier: 4,
    products: `
Pan francés|Panadería|2400|62|9|bread-5|kg 10.5
Pan de molde blanco 400 g|Amanecer|2290|76|5|bread-1
Pan de molde integral 400 g|Amanecer|2590|76|3|bread-5
Pan rallado 500 g|Amanecer|1390|72|2|bag-5
Medialunas x 6|Panadería|3600|55|5|croissant-1
Facturas surtidas x 6|Panadería|3900|55|4|croissant-5
Bizcochitos de grasa 200 g|Don Anselmo|1290|68|4|biscuit-5`,
  },
  {
    name: 'Frutas y verduras',
    supplier: 3,
    products: `
Banana||2200|66|7|banana-1|kg 10.5
Manzana roja||2600|67|5|apple-2|kg 10.5
Tomate redondo||2400|64|7|tomato-2|kg 10.5
Papa||1100|62|8|potato-5|kg 10.5
Cebolla||1200|62|6|potato-7|kg 10.5
Zanahoria||1300|62|4|bag-1|kg 10.5`,
  },
  {
    name: 'Golosinas',
    supplier: 1,
    products: `
Alfajor triple chocolate|Chispa|1290|68|9|chocolate-5
Alfajor de maicena|Doña Rita|990|64|6|biscuit-1
Chocolate con leche 100 g|Chispa|2990|70|4|chocolate-2
Caramelos ácidos 150 g|Chispa|1190|60|4|candy-7
Chicles de menta|Chispa|690|58|7|candy-0
Turrón de maní|Doña Rita|490|57|7|bag-1
Papas fritas 85 g|Brisa|1890|67|7|bag-2
Maní salado 120 g|Brisa|1290|64|4|bag-5
Helado palito|Nube|1490|60|5|ice-cream-7
Helado pote 1 l|Nube|5900|69|2|ice-cream-4`,
  },
  {
    name: 'Limpieza',
    supplier: 0,
    products: `
Lavandina 1 l|Brisa|1190|67|5|bottle-3
Detergente 750 ml|Brisa|1990|70|5|bottle-6
Jabón en polvo 800 g|Brisa|3190|74|4|box-3
Suavizante 900 ml|Nube|2390|71|3|bottle-4
Limpiador de pisos 900 ml|Brisa|1690|68|3|bottle-0
Limpiavidrios 500 ml|Brisa|2190|69|1|spray-3
Esponja de cocina|Brisa|690|55|4|soap-1
Bolsas de residuos x 20|Nube|1590|62|4|roll-5
Papel higiénico x 4|Nube|2490|76|8|roll-0
Rollo de cocina x 3|Nube|2290|74|6|roll-3`,
  },
  {
    name: 'Perfumería',
    supplier: 0,
    products: `
Jabón de tocador 125 g|Nube|990|66|5|soap-7
Champú 400 ml|Nube|3990|71|3|bottle-4
Acondicionador 400 ml|Nube|3990|71|2|bottle-7
Pasta dental 90 g|Nube|2190|69|4|tube-3
Desodorante en aerosol 150 ml|Nube|2990|72|4|spray-0
Pañuelos descartables x 10|Nube|590|58|4|box-4`,
  },
  {
    name: 'Varios',
    supplier: 1,
    products: `
Pilas AA x 2|Chispa|2490|60|3|battery-1
Pilas AAA x 2|Chispa|2490|60|2|battery-3
Lámpara LED 9 W|Chispa|2290|58|2|bulb-1
Encendedor|Chispa|990|52|5|tube-2
Velas x 4|Doña Rita|1190|55|1|box-1`,
  },
];

/** The products, in the order of the categories. */
export function demoProducts(): DemoProduct[] {
  const products: DemoProduct[] = [];
  for (const [category, { supplier, products: text }] of CATEGORIES.entries()) {
    for (const line of text.trim().split('\n')) {
      const [name = '', brand = '', pesos, cost, weight, picture = '', more = ''] = line.split('|');
      const number = products.length + 1;
      const priceMinor = Number(pesos) * 100;
      products.push({
        category,
        supplier,
        sku: `A-${String(number).padStart(3, '0')}`,
        barcode: withCheckDigit(`555000${String(number).padStart(6, '0')}`) ?? '',
        name,
        brand,
        priceMinor,
        costMinor: Math.round((priceMinor * Number(cost)) / 100),
        weight: Number(weight) ** 2,
        picture,
        salesUnit: more.includes('kg') ? 'kg' : 'piece',
        rateBp: more.includes('10.5') ? 1050 : 2100,
      });
    }
  }
  return products;
}
