"""The words the scripts of talk need."""

from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Words
from guanxi.talk.notice import WORDS

TALK: dict[str, Words] = {
    "talkSending": _("Sending"),
    "talkWaiting": _("Waiting for the network"),
    "talkFailed": _("Not sent, retry"),
    "talkRead": _("Read"),
    "talkToday": _("Today"),
    "talkNewBelow": _("{n} new messages"),
    "talkOneBelow": _("1 new message"),
    "talkTyping": _("{name} is typing"),
    "talkPolling": _("No live connection. New messages are fetched every few seconds."),
    "talkOffline": _("No network. What you see stays readable; what you write is sent when you are back online."),
    "talkKept": _("No network: this is how it stood on {time}. What you write is sent when you are back online."),
    "talkGone": _("You no longer take part in this conversation."),
    "talkOtherCompany": _("you now act for another company; switch back or reload"),
    "talkRefused": _("Not sent: {reason}"),
    "talkTooLong": _("at most 5,000 characters"),
    "talkNoRole": _("your role may only read here"),
    "talkUploading": _("{name}: {percent} %"),
    "talkUploadFailed": _("{name} was not sent."),
    "talkFile": _("[File] {name}"),
    "talkPhotoFrom": _("Photo from {name}"),
    "talkRecalled": _("{name} recalled a message"),
    "talkYouRecalled": _("You recalled a message"),
    "talkQuoteRecalled": _("Recalled a message"),
    "talkEditAgain": _("Edit again"),
    "talkDelete": _("Delete"),
    "talkPhoto": _("[Photo]"),
    "talkReplyTo": _("Reply to {name}: {text}"),
    "talkMenu": _("Reply, copy, recall"),
    "talkNoSuchEntry": _("what it answers is not there"),
    "talkUnknown": _("An entry this version cannot show"),
    "talkRecording": _("Recording {seconds}″ of {most}″"),
    "talkNoMicrophone": _("The microphone cannot be used. Allow it in the browser."),
    "talkNoSound": _("This cannot be played here. It can be downloaded."),
    "talkVoice": _("Voice message"),
    "talkSilenced": _("you may only read in this group for now"),
    **{f"notice-{code}": words for code, words in WORDS.items()},
}
