#pragma once

#include "parley/checker/catalog.hpp"

namespace parley::rc11 {

/// The production queue against the channel that stands for it, as a protocol of its own. A
/// producer tries to push and a consumer to pop a number of times, and
/// - what the two are told (taken or full, the item or empty) in any execution of the queue, they
///   are told in one of the channel;
/// - what the producer did before a push happens before what the consumer does after that pop, and
///   what the consumer did before a pop before what the producer does after the push that its room
///   is for; so it is with a channel.
/// Together: a protocol that is verified over channels is verified over queues, as far as it uses
/// try_emplace(), front() and pop() and within these bounds.
checker::ProtocolEntry queue_entry();

}  // namespace parley::rc11
