from guanxi.deals.award.table import Award
from guanxi.deals.bank.table import BankAccount, BankOffer, BankRefund, BankTransfer, BankVoucher
from guanxi.deals.change.table import Change
from guanxi.deals.contract.table import Contract
from guanxi.deals.deal.table import Deal
from guanxi.deals.dispute.table import Dispute, Evidence, Proposal
from guanxi.deals.order.table import Order, OrderLine, Stage
from guanxi.deals.payment.table import Payment, Payout
from guanxi.deals.quote.table import Quote
from guanxi.deals.review.table import Review
from guanxi.deals.rfq.table import Invite, Rfq, RfqLine
from guanxi.deals.shipment.table import Receipt, Shipment

__all__ = [
    "Award", "BankAccount", "BankOffer", "BankRefund", "BankTransfer", "BankVoucher", "Change", "Contract", "Deal", "Dispute", "Evidence", "Invite", "Order",
    "OrderLine", "Payment", "Payout", "Proposal", "Quote", "Receipt", "Review", "Rfq", "RfqLine", "Shipment", "Stage",
]  # fmt: skip
