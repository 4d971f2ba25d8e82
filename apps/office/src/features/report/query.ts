/** What every report is asked for: days of the shop, both included, and a location ('' for all). */
export interface ReportQuery {
  readonly from: string;
  readonly to: string;
  readonly location_id: string;
}
