#pragma once

#include "agent/host/contract/network_test_base.h"

// How the conversations of every host::Network get on with each other, and how they are closed.

namespace host::contract {

class ConversationsSideBySideContract : public NetworkTest {};
class NetworkCloseContract : public NetworkTest {};

}  // namespace host::contract
