import type { Generated, Selectable } from 'kysely'

/** The tables, in the names that the code uses; the database has them in snake case. */
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

/** Something to buy. */
export interface ProductTable {
  id: Generated<number>
  sku: string
  name: string
  category: string
  description: string
  priceCents: number
  stock: number
}

/** What a customer bought at one time. */
export interface OrderTable {
  id: Generated<number>
  customerId: number
  status: OrderStatus
  /** From the carrier, in upper case; none before the order is shipped. */
  trackingNumber: string | null
  placedAt: Generated<Date>
}

/** From paid to delivered, in this order. */
export type OrderStatus = 'paid' | 'packed' | 'shipped' | 'delivered'

/** One line of an order, at the price of that day. */
export interface OrderItemTable {
  orderId: number
  line: number
  productId: number
  quantity: number
  unitPriceCents: number
}

/** What a customer thinks of a product. */
export interface ReviewTable {
  id: Generated<number>
  productId: number
  customerId: number
  rating: number
  title: string
  body: string
  createdAt: Generated<Date>
}

/** An order as it is read. */
export type Order = Selectable<OrderTable>
/** A review as it is read. */
export type Review = Selectable<ReviewTable>
