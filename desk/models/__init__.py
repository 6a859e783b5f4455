"""The records: one file per noun, all of them named here."""

from desk.models.alerts import Notice, TransportState
from desk.models.arrivals import Arrival
from desk.models.articles import Article, Picture
from desk.models.base import Base
from desk.models.breakers import Breaker
from desk.models.channel_sets import ChannelSet
from desk.models.channels import Channel, Hold, Slot
from desk.models.comments import Comment
from desk.models.desk import Heartbeat, Installation, Key, Preference
from desk.models.links import LinkCard
from desk.models.people import Session, SignInLink, User
from desk.models.posts import Attempt, Event, Part, Post
from desk.models.shares import Label, Share, SharePicture
from desk.models.working_copies import WorkingCopy

__all__ = [
    "Arrival",
    "Article",
    "Attempt",
    "Base",
    "Breaker",
    "Channel",
    "ChannelSet",
    "Comment",
    "Event",
    "Heartbeat",
    "Hold",
    "Installation",
    "Key",
    "Label",
    "LinkCard",
    "Notice",
    "Part",
    "Picture",
    "Post",
    "Preference",
    "Session",
    "Share",
    "SharePicture",
    "SignInLink",
    "Slot",
    "TransportState",
    "User",
    "WorkingCopy",
]
