import type { Generated, Selectable } from 'kysely'

/** The tables, with the names in the code. The names in the database are in snake case. */
export interface ShopDatabase {
  customers: CustomerTable
  products: ProductTable
  orders: OrderTable
  orderItems: OrderItemTable
  reviews: ReviewTable
}

/** Emails are stored in lower case. */
export interface CustomerTable {
  id: Generated<number>
  email: string
  name: string
  city: string
  discountPercent: Generated<number>
  createdAt: Generated<Date>
}

/** A product of the shop. */
export interface ProductTable {
  id: Generated<number>
  sku: string
  name: string
  category: string
  description: string
  priceCents: number
  stock: number
}

/** An order of a customer. */
export interface OrderTable {
  id: Generated<number>
  customerId: number
  status: OrderStatus
  /** The carrier's number in upper case; null before the order is shipped. */
  trackingNumber: string | null
  placedAt: Generated<Date>
}

/** The states of an order, in order. */
export type OrderStatus = 'paid' | 'packed' | 'shipped' | 'delivered'

/** One line of an order, with the price on the day of the order. */
export interface OrderItemTable {
  orderId: number
  line: number
  productId: number
  quantity: number
  unitPriceCents: number
}

/** A customer's review of a product. */
export interface ReviewTable {
  id: Generated<number>
  productId: number
  customerId: number
  rating: number
  title: string
  body: string
  createdAt: Generated<Date>
}

/** A selected order. */
export type Order = Selectable<OrderTable>
/** A selected review. */
export type Review = Selectable<ReviewTable>
